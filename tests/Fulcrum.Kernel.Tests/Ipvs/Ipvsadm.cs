using System.Diagnostics;

namespace Fulcrum.Kernel.Tests.Ipvs;

/// <summary>The administrator's own tool, as a witness that is not ours.</summary>
internal static class Ipvsadm
{
    /// <summary>All services and servers, as <c>ipvsadm -Sn</c> prints them, sorted.</summary>
    public static IReadOnlyList<string> Saved() =>
        [
            .. Run("-Sn")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Trim())
                .Order(StringComparer.Ordinal),
        ];

    public static void Restore(string lines) => Run("-R", lines);

    public static string Run(string arguments, string? input = null)
    {
        using var process = Process.Start(
            new ProcessStartInfo("ipvsadm", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"ipvsadm {arguments}: {errors}");
    }
}
