using System.Text;

namespace Fulcrum.Forwarding.Sysctls;

/// <summary>
/// A file of what parameters were before we set them: a line each, with the path, the old value and ours. It is written
/// before the kernel is, so whatever ends the process, the old value is known to the next.
/// </summary>
internal sealed class SysctlMemory(string file)
{
    private readonly Dictionary<string, (string Old, string Ours)> _entries = Read(file);

    public IReadOnlyDictionary<string, (string Old, string Ours)> Entries => _entries;

    /// <exception cref="IOException"/>
    /// <exception cref="UnauthorizedAccessException"/>
    public void Remember(string path, string old, string ours)
    {
        // The oldest value counts, if others changed it meanwhile as well.
        _entries[path] = (_entries.TryGetValue(path, out var known) ? known.Old : old, ours);
        Write();
    }

    /// <inheritdoc cref="Remember"/>
    public void Forget(string path)
    {
        if (_entries.Remove(path))
        {
            Write();
        }
    }

    private void Write()
    {
        var text = new StringBuilder();
        foreach (var (path, (old, ours)) in _entries)
        {
            text.Append(path).Append('\t').Append(old).Append('\t').Append(ours).Append('\n');
        }

        // Whole or not at all.
        var made = $"{file}.new";
        File.WriteAllText(made, text.ToString());
        File.Move(made, file, overwrite: true);
    }

    private static Dictionary<string, (string Old, string Ours)> Read(string file)
    {
        var entries = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                // What somebody spoiled is left out.
                if (line.Split('\t') is [{ Length: > 0 } path, var old, var ours])
                {
                    entries[path] = (old, ours);
                }
            }
        }
        catch (IOException)
        {
            // There is none yet, or it cannot be read: nothing is known.
        }
        catch (UnauthorizedAccessException)
        {
            // The same.
        }

        return entries;
    }
}
