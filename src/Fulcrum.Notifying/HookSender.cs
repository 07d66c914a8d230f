using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using Fulcrum.Engine.Secrets;
using Fulcrum.Model.Hooks;

namespace Fulcrum.Notifying;

/// <summary>
/// Starts programs and posts to servers. A program has done it when it ends with 0, a server when it answers with a
/// success; neither may take longer than the hook says.
/// </summary>
internal sealed class HookSender : IHookSender, IDisposable
{
    private const string Json = "application/json";

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = 4,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 64,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        // Nobody reads what a server says beside its status.
        MaxResponseContentBufferSize = 64 * 1024,
    };

    public async Task SendAsync(Hook hook, ReadOnlyMemory<byte> telling, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(hook.Timeout);
        try
        {
            await (
                hook.Target switch
                {
                    ProgramHook program => RunAsync(program, telling, patience.Token),
                    WebHook web => PostAsync(web, telling, patience.Token),
                    _ => throw new HookException("it has no target"),
                }
            );
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new HookException($"not done within {hook.Timeout.TotalSeconds:0.###} s", late);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task RunAsync(ProgramHook hook, ReadOnlyMemory<byte> telling, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(hook.Command[0], hook.Command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        // Nothing of the node's environment is a program's business, and there may be secrets in it.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        using var process = Begin(start);
        try
        {
            await FeedAsync(process, telling, cancellation);
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            End(process);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new HookException($"{hook.Command[0]} ended with {process.ExitCode}");
        }
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

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new HookException($"{start.FileName} was not started");
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw new HookException($"{start.FileName} cannot be started: {error.Message}", error);
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> telling, CancellationToken cancellation)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await input.WriteAsync(telling, cancellation);
        }
        catch (IOException)
        {
            // It does not read: its exit code says whether it has done what it should.
        }
    }

    private async Task PostAsync(WebHook hook, ReadOnlyMemory<byte> telling, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url);
        request.Content = new ReadOnlyMemoryContent(telling);
        request.Content.Headers.ContentType = new(Json);
        try
        {
            if (hook.Token is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretFile.ReadText(token));
            }

            using var answer = await _http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new HookException($"{hook.Url.Host} answered {(int)answer.StatusCode}");
            }
        }
        catch (Exception error) when (error is HttpRequestException or SecretException or FormatException)
        {
            // A token that no header can hold is in the message of the exception: it is not repeated.
            throw new HookException(
                error is FormatException ? "the token is not one that a header can hold" : error.Message,
                error
            );
        }
    }
}
