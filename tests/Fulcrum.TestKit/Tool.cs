using System.Diagnostics;

namespace Fulcrum.TestKit;

/// <summary>Runs a small program to its end: <c>ip</c>, <c>nft</c>, <c>dig</c> …</summary>
public static class Tool
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Runs it on the calling thread's network namespace and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with an exit code other than 0; holds what it printed.</exception>
    /// <exception cref="TimeoutException">It did not end within 30 s.</exception>
    public static string Run(string command, params ReadOnlySpan<string> arguments) =>
        RunWithInput(command, "", arguments);

    /// <inheritdoc cref="Run"/>
    public static string RunWithInput(string command, string input, params ReadOnlySpan<string> arguments)
    {
        var (code, output, errors) = Try(command, input, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException(
                $"{command} {string.Join(' ', arguments)}: exit code {code}\n{input}\n{output}{errors}".Trim()
            );
    }

    /// <summary>As <see cref="Run"/>, for a program whose exit code is an answer.</summary>
    /// <exception cref="TimeoutException">It did not end within 30 s.</exception>
    public static (int ExitCode, string Output, string Errors) Try(
        string command,
        string input,
        params ReadOnlySpan<string> arguments
    )
    {
        using var process = new Process
        {
            StartInfo = StartInfo(
                command.Contains('/', StringComparison.Ordinal) ? command : Require.Tool(command),
                arguments
            ),
        };
        process.StartInfo.RedirectStandardInput = true;
        process.Start();
        // The process's end leaves these descriptors to the garbage collector.
        using var outputs = process.StandardOutput;
        using var complaints = process.StandardError;
        var output = outputs.ReadToEndAsync();
        var errors = complaints.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it had read all: what it says and its exit code tell why.
        }
        if (!process.WaitForExit(Bound))
        {
            process.Kill();
            throw new TimeoutException(
                $"{command} {string.Join(' ', arguments)} did not end within {Bound.TotalSeconds} s"
            );
        }

        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>As <see cref="Try"/>, for what takes its time. What it has started ends with it when it takes too long.</summary>
    /// <exception cref="TimeoutException">It did not end within <paramref name="bound"/>.</exception>
    public static async Task<(int ExitCode, string Output, string Errors)> TryAsync(
        TimeSpan bound,
        string command,
        params string[] arguments
    )
    {
        using var process = new Process
        {
            StartInfo = StartInfo(
                command.Contains('/', StringComparison.Ordinal) ? command : Require.Tool(command),
                arguments
            ),
        };
        process.StartInfo.RedirectStandardInput = true;
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Wait.For(process.WaitForExitAsync(), $"{command} {string.Join(' ', arguments)} to end", bound);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }

    internal static ProcessStartInfo StartInfo(string file, ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
