using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where one component reads itself from a model file.</summary>
internal sealed class ModelLoadContext
{
    private readonly ModelArchive _archive;
    private readonly string _directory;
    private readonly ModelHeader _header;

    private ModelLoadContext(ModelArchive archive, string directory, ModelHeader header)
    {
        _archive = archive;
        _directory = directory;
        _header = header;
        Reader = new(new MemoryStream(header.Body, writable: false), Encoding.UTF8);
    }

    public BinaryReader Reader { get; }

    /// <summary>Loads the component in a folder of the archive, or null where there is none.</summary>
    public static T LoadModelOrNull<T>(IHostEnvironment env, ModelArchive archive, string directory)
        where T : class
    {
        string path = ModelSaveContext.PathOf(directory, ModelSaveContext.EntryName);
        var file = archive.ReadOrNull(path);
        if (file == null)
            return null;
        try
        {
            var context = new ModelLoadContext(archive, directory, ModelHeader.Read(file));
            var create = LoadableClasses.Find(context._header.LoaderSignature)
                ?? throw Contracts.ExceptDecode($"nothing here loads '{context._header.LoaderSignature}'");
            return create(env, context) as T
                ?? throw Contracts.ExceptDecode($"'{context._header.LoaderSignature}' is not a {typeof(T).Name}");
        }
        catch (Exception inner) when (inner is IOException or ArgumentException or OverflowException or IndexOutOfRangeException
            || (inner is FormatException && !inner.Data.Contains(nameof(ModelLoadContext))))
        {
            // the innermost component is named, once
            var outer = Contracts.ExceptDecode($"Couldn't load model: '{path}': {inner.Message}", inner);
            outer.Data[nameof(ModelLoadContext)] = path;
            throw outer;
        }
    }

    public static T LoadModel<T>(IHostEnvironment env, ModelArchive archive, string directory)
        where T : class
        => LoadModelOrNull<T>(env, archive, directory)
            ?? throw Contracts.ExceptDecode($"Corrupt model file: it has no entry '{ModelSaveContext.PathOf(directory, ModelSaveContext.EntryName)}'.");

    /// <summary>Loads a component from a folder inside this one's.</summary>
    public T LoadModel<T>(IHostEnvironment env, string name)
        where T : class
        => LoadModel<T>(env, _archive, ModelSaveContext.PathOf(_directory, name));

    public T LoadModelOrNull<T>(IHostEnvironment env, string name)
        where T : class
        => LoadModelOrNull<T>(env, _archive, ModelSaveContext.PathOf(_directory, name));

    /// <summary>Checks that the component has the format that its loader expects.</summary>
    public void CheckVersionInfo(VersionInfo version) => _header.CheckVersion(version);

    /// <summary>Reads a file beside this component's.</summary>
    public bool TryLoadBinaryStream(string name, Action<BinaryReader> read)
    {
        var file = _archive.ReadOrNull(ModelSaveContext.PathOf(_directory, name));
        if (file == null)
            return false;
        using var reader = new BinaryReader(new MemoryStream(file, writable: false), Encoding.UTF8);
        read(reader);
        return true;
    }

    /// <summary>Reads a file beside this component's, which has to be there.</summary>
    public void LoadBinaryStream(string name, Action<BinaryReader> read)
        => Contracts.CheckDecode(TryLoadBinaryStream(name, read), $"it has no entry '{ModelSaveContext.PathOf(_directory, name)}'");

    public string LoadString() => LoadStringOrNull() ?? throw Contracts.ExceptDecode("a string is missing");

    public string LoadNonEmptyString()
    {
        string text = LoadString();
        Contracts.CheckDecode(text.Length > 0, "a string is empty");
        return text;
    }

    public string LoadStringOrNull()
    {
        int id = Reader.ReadInt32();
        Contracts.CheckDecode(-1 <= id && id < _header.Strings.Length, "a string is missing");
        return id < 0 ? null : _header.Strings[id];
    }
}
