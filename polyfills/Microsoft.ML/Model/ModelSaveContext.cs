using System.IO.Compression;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where one component writes itself in a model file. Only ML.NET's own components can.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal const string EntryName = "Model.key";

    private readonly ZipArchive _archive;
    private readonly string _directory;
    private readonly MemoryStream _body = new();
    private readonly List<string> _strings = [];
    private readonly Dictionary<string, int> _stringIds = [];
    private VersionInfo? _version;

    private ModelSaveContext(ZipArchive archive, string directory)
    {
        _archive = archive;
        _directory = directory;
        Writer = new(_body, Encoding.UTF8);
    }

    internal BinaryWriter Writer { get; }

    /// <inheritdoc/>
    public void Dispose() => Writer.Dispose();

    /// <summary>Writes a component to a folder of the archive. The folder of the archive itself is null.</summary>
    internal static void SaveModel(ZipArchive archive, object component, string directory)
    {
        if (component is not ICanSaveModel model)
            return;
        using var context = new ModelSaveContext(archive, directory);
        model.Save(context);
        context.Finish();
    }

    internal static string PathOf(string directory, string name) => string.IsNullOrEmpty(directory) ? name : $"{directory}/{name}";

    /// <summary>Says what is written; each component does so once.</summary>
    internal void SetVersionInfo(VersionInfo version) => _version = version;

    /// <summary>Checks that nothing was written yet.</summary>
    internal void CheckAtModel() => Contracts.Check(_body.Position == 0);

    /// <summary>Writes another component to a folder inside this one's.</summary>
    internal void SaveModel(object component, string name) => SaveModel(_archive, component, PathOf(_directory, name));

    /// <summary>Writes a file beside this component's.</summary>
    internal void SaveBinaryStream(string name, Action<BinaryWriter> write)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content, Encoding.UTF8);
        write(writer);
        writer.Flush();
        AddEntry(name, content);
    }

    /// <summary>Writes a text file beside this component's.</summary>
    internal void SaveTextStream(string name, Action<TextWriter> write)
    {
        using var content = new MemoryStream();
        using var writer = new StreamWriter(content);
        write(writer);
        writer.Flush();
        AddEntry(name, content);
    }

    internal void SaveString(string text) => Writer.Write(IdOf(Contracts.CheckValue(text, nameof(text))));

    internal void SaveNonEmptyString(string text) => Writer.Write(IdOf(Contracts.CheckNonEmpty(text, nameof(text))));

    internal void SaveStringOrNull(string text) => Writer.Write(text == null ? -1 : IdOf(text));

    private int IdOf(string text)
    {
        if (!_stringIds.TryGetValue(text, out int id))
        {
            _stringIds[text] = id = _strings.Count;
            _strings.Add(text);
        }
        return id;
    }

    private void Finish()
    {
        Contracts.Check(_version.HasValue, "ModelSignature not specified!");
        Writer.Flush();
        using var content = new MemoryStream();
        ModelHeader.Write(content, _version.Value, _body.GetBuffer().AsSpan(0, (int)_body.Length), _strings);
        AddEntry(EntryName, content);
    }

    // an archive has one open entry at a time, and components nest: so each is written in one go
    private void AddEntry(string name, MemoryStream content)
    {
        using var entry = _archive.CreateEntry(PathOf(_directory, name)).Open();
        content.Position = 0;
        content.CopyTo(entry);
    }
}
