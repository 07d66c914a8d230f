using System.Diagnostics;
using System.Text;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>
/// A client of TLS 1.2 that asks for a new handshake on a connection that stands: <c>s_client</c> does it when it is told
/// to by a line, and begins when there is something to be sent.
/// </summary>
internal static class Renegotiation
{
    public static async Task<string> AskAsync(SecuredListeners listeners, ClientCase row)
    {
        var home = await listeners.Home();
        using var process = new Process
        {
            StartInfo = new(Require.Tool("openssl"))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (
            var argument in (string[])
                ["s_client", "-connect", $"127.0.0.1:{Listeners.PortOf(row.Listener)}", "-tls1_2", "-msg"]
        )
        {
            process.StartInfo.ArgumentList.Add(argument);
        }
        var told = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        home.Start(process);
        try
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await Say("", "Verify return code");
            await Say("R\n", "RENEGOTIATING");
            await Say("GET / HTTP/1.0\r\n\r\n", "no_renegotiation");
            return Alert.Of("no_renegotiation");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        async Task Say(string text, string answer)
        {
            try
            {
                await process.StandardInput.WriteAsync(text);
                await process.StandardInput.FlushAsync();
            }
            catch (IOException)
            {
                // It has begun before it had to, and has ended: what it has told counts.
            }
            await Wait.Until(
                () => Told().Contains(answer, StringComparison.Ordinal),
                $"'{answer}' after '{text.Trim()}' in {Told()}"
            );
        }

        void Keep(string? line)
        {
            lock (told)
            {
                told.AppendLine(line);
            }
        }

        string Told()
        {
            lock (told)
            {
                return told.ToString();
            }
        }
    }
}
