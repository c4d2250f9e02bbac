using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>Goes over a scored view of which no added column is wanted: nothing is computed.</summary>
internal sealed class PassingCursor(ModelMapping mapping, ActiveColumns active, DataViewRowCursor input) : DataViewRowCursor
{
    public override DataViewSchema Schema => mapping.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        active.Check<TValue>(column);
        return input.GetGetter<TValue>(mapping.PassedOn(column.Index)!.Value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}
