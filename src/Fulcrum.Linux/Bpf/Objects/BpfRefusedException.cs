namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>The kernel's verifier refused a program.</summary>
public sealed class BpfRefusedException : Exception
{
    /// <summary>Of what the verifier said, only the end tells why.</summary>
    private const int ShownLines = 12;

    internal BpfRefusedException(string program, Errno error, string log)
        : base(Describe(program, error, log)) => (Error, Log) = (error, log);

    public Errno Error { get; }

    /// <summary>All that the verifier said.</summary>
    public string Log { get; }

    private static string Describe(string program, Errno error, string log)
    {
        var reason = new LinuxException(error, $"load BPF program {program}").Message;
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            // Statistics.
            .Where(line => !line.StartsWith("processed ", StringComparison.Ordinal))
            .ToList();
        return lines.Count == 0
            ? reason
            : $"{reason}; the verifier says:\n  {string.Join("\n  ", lines.TakeLast(ShownLines))}";
    }
}
