using System.Diagnostics;
using Fulcrum.TestKit.Namespaces;
using Xunit;

namespace Fulcrum.TestKit.Peers;

/// <summary>
/// A program that a test runs and speaks to: it has a working directory of its own, its output is captured, it is
/// ready when its predicate says so, and it is ended by pid, whatever happens. What it printed last goes to the
/// test's output, which the runner shows when the test fails.
/// </summary>
public abstract class Peer : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int ShownLines = 60;

    private readonly string _name;
    private Process? _process;

    /// <param name="name">What messages call it.</param>
    /// <param name="home">The namespace that it runs in; null: where the test runs.</param>
    protected Peer(string name, NetworkNamespace? home)
    {
        _name = name;
        Home = home;
    }

    /// <summary>The namespace that it runs in; null: where the test runs.</summary>
    public NetworkNamespace? Home { get; }

    public LogCapture Log { get; } = new();

    public int Pid => Running().Id;

    public bool HasExited => Running().HasExited;

    /// <summary>Its exit code; 128 and the signal's number when a signal ended it.</summary>
    /// <exception cref="InvalidOperationException">It still runs.</exception>
    public int ExitCode => Running().ExitCode;

    /// <summary>Its working directory.</summary>
    protected TemporaryDirectory Folder { get; } = new();

    /// <summary>Whether it does its work; asked often until it says yes.</summary>
    protected abstract Task<bool> IsReady();

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended before it was ready; holds what it printed.</exception>
    /// <exception cref="TimeoutException">It was not ready in time; holds what it printed.</exception>
    protected async Task StartAsync(
        string file,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null
    )
    {
        Launch(file, arguments, environment, workingDirectory);
        try
        {
            await Wait.Until(
                async () =>
                {
                    if (HasExited)
                    {
                        await _process!.WaitForExitAsync();
                        throw new InvalidOperationException(
                            $"{_name} ended with exit code {ExitCode}:\n{Log.Tail(ShownLines)}"
                        );
                    }

                    return await IsReady();
                },
                $"{_name} to be ready"
            );
        }
        catch (TimeoutException e)
        {
            var log = Log.Tail(ShownLines);
            await DisposeAsync();
            throw new TimeoutException($"{e.Message}; it printed:\n{log}", e);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends any signal by number.</summary>
    public void Signal(int signal) => SystemCalls.Signal(Pid, signal);

    /// <summary>Sends any signal by number to a process that came of this one. False: it is no more.</summary>
    protected static bool Signal(int process, int signal) => SystemCalls.Signal(process, signal);

    /// <summary>SIGKILL, and waits for the end: nothing is said to anybody.</summary>
    public async Task Kill()
    {
        Running().Kill();
        await WaitForExit();
    }

    /// <summary>SIGTERM, and waits for the end. Returns the exit code.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<int> Stop(TimeSpan? timeout = null)
    {
        Signal(Terminate);
        return await WaitForExit(timeout);
    }

    /// <summary>Waits until it has ended by itself and all it printed is in <see cref="Log"/>. Returns the exit code.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<int> WaitForExit(TimeSpan? timeout = null)
    {
        await Wait.For(Running().WaitForExitAsync(), $"{_name} to end", timeout);
        return ExitCode;
    }

    /// <summary>Waits until a line that contains <paramref name="text"/> was printed.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task WaitForLog(string text, TimeSpan? timeout = null) =>
        Wait.Until(() => Log.Contains(text), $"{_name} to print '{text}'", timeout);

    public virtual async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            await Wait.For(_process.WaitForExitAsync(), $"{_name} to end after SIGKILL");
            TestContext.Current.TestOutputHelper?.WriteLine($"--- {_name} ---\n{Log.Tail(ShownLines)}");
            _process.Dispose();
            _process = null;
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Launch(
        string file,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? workingDirectory
    )
    {
        var process = new Process { StartInfo = Tool.StartInfo(file, arguments) };
        process.StartInfo.WorkingDirectory = workingDirectory ?? Folder.FullName;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            process.StartInfo.Environment[name] = value;
        }

        process.OutputDataReceived += (_, line) => Log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => Log.Add(line.Data);
        if (Home is null)
        {
            process.Start();
        }
        else
        {
            Home.Start(process);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    private Process Running() =>
        _process ?? throw new InvalidOperationException($"{_name} was not started, or is disposed");
}
