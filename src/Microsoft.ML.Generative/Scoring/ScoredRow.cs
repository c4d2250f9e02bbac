using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>A row with the columns of a model added: those that somebody has a getter of are computed when one is first read, and not again before the row moves on.</summary>
internal sealed class ScoredRow : DataViewRow
{
    private readonly ModelMapping _mapping;
    private readonly ActiveColumns _active;
    private readonly DataViewRow _input;
    private readonly IRowEncoder? _encoder;
    private readonly float[] _encoded;
    private readonly float[]?[] _results;
    private long _computedAt = -1;

    public ScoredRow(ModelMapping mapping, ActiveColumns active, DataViewRow input)
    {
        _mapping = mapping;
        _active = active;
        _input = input;
        _results = new float[mapping.Model.Outputs.Count][];   // a prediction engine activates all columns, and reads a few
        bool needsModel = mapping.NeedsModel(active);
        _encoder = needsModel ? mapping.Model.CreateEncoder(input) : null;
        _encoded = needsModel ? new float[mapping.Model.InputWidth] : [];
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check<TValue>(column);
        if (_mapping.PassedOn(column.Index) is { } input) return _input.GetGetter<TValue>(input);
        int output = _mapping.Added(column.Index);
        float[] values = ResultsOf(output);
        return (ValueGetter<TValue>)_mapping.Model.Outputs[output].CreateGetter(_input, () =>
        {
            ComputeCurrentRow();
            return values;
        });
    }

    private float[] ResultsOf(int output)
    {
        if (_results[output] is { } present) return present;
        _computedAt = -1;
        return _results[output] = new float[_mapping.Model.Outputs[output].Width];
    }

    private void ComputeCurrentRow()
    {
        long position = _input.Position;
        if (position == _computedAt) return;
        if (position < 0) throw new InvalidOperationException("The row that is scored holds no values yet.");
        _computedAt = -1;   // so that a failure is not taken for a result
        _encoder!.Encode(_encoded);
        _mapping.Model.Compute(_encoded, 1, _results);
        _computedAt = position;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }
}
