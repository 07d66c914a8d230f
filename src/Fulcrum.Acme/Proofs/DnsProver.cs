using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fulcrum.Acme.Client;
using Fulcrum.Model.Values;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Proofs;

/// <summary>
/// DNS-01 (RFC 8555 section 8.4): a program makes a TXT record, <c>PROGRAM present DOMAIN NAME VALUE</c>, and takes it
/// away again, <c>cleanup</c> with the same words. A name may have several values at once (a domain and its wildcard):
/// the program adds and removes one. It ends with 0 when the authority can see the record.
/// </summary>
internal sealed class DnsProver(Items<string> command, TimeSpan limit) : IProver
{
    private const int MostSaid = 1024;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public string Type => "dns-01";

    public Task PresentAsync(Proof proof, CancellationToken cancellation) => RunAsync("present", proof, cancellation);

    public async Task WithdrawAsync(Proof proof)
    {
        try
        {
            await RunAsync("cleanup", proof, CancellationToken.None);
        }
        catch (AcmeException)
        {
            // A record that stays proves nothing any more.
        }
    }

    public void Dispose() { }

    private async Task RunAsync(string what, Proof proof, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        using var process = Start([
            .. command.Skip(1),
            what,
            proof.Name,
            AcmeProof.DnsPrefix + proof.Name,
            AcmeProof.DnsValue(proof.KeyAuthorization),
        ]);
        var said = ReadAsync(process.StandardError.BaseStream);
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            End(process);
            cancellation.ThrowIfCancellationRequested();
            throw new AcmeException(
                $"{command[0]} {what} did not end within {limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s",
                late
            );
        }

        if (process.ExitCode != 0)
        {
            // What it started may hold on to its error output for ever.
            var patient = Task.Delay(LastWords, TimeProvider.System, CancellationToken.None);
            var words = await Task.WhenAny(said, patient) == said ? await said : "";
            throw new AcmeException(
                $"{command[0]} {what} ended with {process.ExitCode}{(words.Length > 0 ? $": {words}" : "")}"
            );
        }
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command[0], arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // Nothing of the node's environment is a program's business, and there may be secrets in it.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        try
        {
            return Process.Start(start) ?? throw new AcmeException($"{command[0]} was not started");
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw new AcmeException($"{command[0]} cannot be started: {error.Message}", error);
        }
    }

    // All of it, so that the program never waits for us; the first part as one line, because it becomes a message.
    private static async Task<string> ReadAsync(Stream errors)
    {
        var buffer = new byte[MostSaid];
        var length = 0;
        try
        {
            var rest = new byte[MostSaid];
            while (await errors.ReadAsync(rest) is > 0 and var read)
            {
                var kept = Math.Min(read, buffer.Length - length);
                rest.AsSpan(0, kept).CopyTo(buffer.AsSpan(length));
                length += kept;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It was ended.
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length).Trim();
        return string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is AggregateException or Win32Exception or InvalidOperationException)
        {
            // It has ended, or some of it runs as somebody whom we may not end.
        }
    }
}
