using Fulcrum.Linux.Files;
using Fulcrum.Model.Tls;

namespace Fulcrum.Health.Tls;

/// <summary>
/// Reads the files of TLS connections once for all checks, and again when they have changed, so that certificates are
/// rotated without a restart. Files are looked at once a second at most. When a change cannot be used, what was read
/// before stays in use, since a bad file on this machine says nothing about a backend. Owned by one loop.
/// </summary>
/// <param name="report">Is told, once, when a change of files cannot be used.</param>
internal sealed class TlsMaterials(TimeProvider time, Action<string> report)
{
    /// <summary>Beyond it, what was not asked for longest is forgotten.</summary>
    public const int Most = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TlsFiles, Entry> _entries = [];

    /// <summary>The same object as long as the files are the same.</summary>
    /// <exception cref="TlsSettingsException">A file cannot be read or used, and never could.</exception>
    public TlsMaterial Get(TlsConnection tls)
    {
        var files = TlsFiles.Of(tls);
        var now = time.GetTimestamp();
        if (!_entries.TryGetValue(files, out var entry))
        {
            if (_entries.Count == Most)
            {
                _entries.Remove(_entries.MinBy(pair => pair.Value.Asked).Key);
            }

            _entries[files] = entry = new(files);
            Look(entry, now);
        }
        else if (time.GetElapsedTime(entry.Looked, now) >= Pause)
        {
            Look(entry, now);
        }

        entry.Asked = now;
        return entry.Material ?? throw new TlsSettingsException(entry.Problem!);
    }

    private void Look(Entry entry, long now)
    {
        entry.Looked = now;
        var stamps = entry.Files.Paths.Select(FileStamp.Of).ToArray();
        if (entry.Material is not null && entry.Stamps.AsSpan().SequenceEqual(stamps))
        {
            return;
        }

        try
        {
            entry.Material = TlsMaterial.Load(entry.Files);
            (entry.Stamps, entry.Problem) = (stamps, null);
        }
        catch (TlsSettingsException exception)
        {
            if (entry.Material is not null && entry.Problem != exception.Message)
            {
                report(exception.Message);
            }

            // Stamps stay: what is in use is not of these files, so they are tried again.
            entry.Problem = exception.Message;
        }
    }

    private sealed class Entry(TlsFiles files)
    {
        public TlsFiles Files => files;

        public long Asked { get; set; }

        public long Looked { get; set; }

        public FileStamp[] Stamps { get; set; } = [];

        public TlsMaterial? Material { get; set; }

        public string? Problem { get; set; }
    }
}
