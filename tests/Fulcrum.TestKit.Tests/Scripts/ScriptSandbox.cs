using System.Diagnostics;

namespace Fulcrum.TestKit.Tests.Scripts;

/// <summary>
/// A root directory with the real scripts, one source file, and a <c>dotnet</c> that writes down how it was called
/// and does what the test told it to.
/// </summary>
internal sealed class ScriptSandbox : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public ScriptSandbox()
    {
        foreach (var folder in new[] { "eng/guest", "src/Fulcrum", "bin", "tools", "elsewhere" })
        {
            Directory.CreateDirectory(PathOf(folder));
        }

        foreach (
            var script in (string[])["fulcrum", "test", "eng/common.sh", "eng/install.sh", "eng/run.sh", "global.json"]
        )
        {
            File.Copy(Repository.PathOf(script), PathOf(script));
        }

        File.WriteAllText(Source, "// one");
        foreach (
            var tool in (string[])["bash", "find", "mkdir", "mv", "touch", "rm", "cat", "sleep", "timeout", "flock"]
        )
        {
            File.CreateSymbolicLink(PathOf($"tools/{tool}"), Require.Tool(tool));
        }

        Fake(builds: true);
    }

    public string Source => PathOf("src/Fulcrum/a.cs");

    /// <summary>What <c>dotnet</c> was asked to do, a line for each call that was not a question.</summary>
    public string[] Calls => File.Exists(PathOf("calls")) ? File.ReadAllLines(PathOf("calls")) : [];

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Puts the <c>dotnet</c> in place: one that builds, one whose build fails, or one that is too old.
    /// Anything else that it is asked to run is <paramref name="run"/>.</summary>
    public void Fake(bool builds, bool sdk = true, string run = "echo \"pid $$ arguments ${*:2}\"; exit 7")
    {
        var root = _folder.FullName;
        var script = $$"""
            #!{{Require.Tool("bash")}}
            case $1 in
              --version) exit {{(sdk ? 0 : 1)}} ;;
              --list-sdks) echo '8.0.100 [/somewhere]'; exit ;;
            esac
            echo "$1 cwd=$PWD" >>{{root}}/calls
            case $1 in
              build)
                sleep 0.2
                {{(builds ? "" : "echo 'a.cs(1,1): error CS1002: ; expected [/x.csproj]'; exit 1")}}
                mkdir -p {{root}}/artifacts/bin/Fulcrum/release
                touch {{root}}/artifacts/bin/Fulcrum/release/fulcrum.dll
                ;;
              *) {{run}} ;;
            esac
            """;
        File.WriteAllText(PathOf("bin/dotnet"), script);
        Tool.Run("chmod", "755", PathOf("bin/dotnet"));
    }

    /// <summary>Puts a script of one line in a place.</summary>
    public void WriteScript(string name, string line)
    {
        File.Delete(PathOf(name));
        File.WriteAllText(PathOf(name), $"#!{Require.Tool("bash")}\n{line}\n");
        Tool.Run("chmod", "755", PathOf(name));
    }

    /// <summary>
    /// Makes all sources two minutes old and the last build one, so that a change from now on is newer than the build
    /// in whatever steps the file system's clock ticks.
    /// </summary>
    public void Age()
    {
        var now = File.GetLastWriteTimeUtc(PathOf("artifacts/.built-fulcrum"));
        File.SetLastWriteTimeUtc(PathOf("artifacts/.built-fulcrum"), now.AddMinutes(-1));
        File.SetLastWriteTimeUtc(PathOf("global.json"), now.AddMinutes(-2));
        foreach (var path in Directory.EnumerateFileSystemEntries(PathOf("src"), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, now.AddMinutes(-2));
        }

        File.SetLastWriteTimeUtc(PathOf("src"), now.AddMinutes(-2));
    }

    /// <summary>Starts a script with only the sandbox's programs in PATH, from a directory that is not the root.</summary>
    public Process Start(
        string script,
        string? path,
        string[] arguments,
        params (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo(Require.Tool("bash"), [PathOf(script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = PathOf("elsewhere"),
        };
        start.Environment.Clear();
        start.Environment["PATH"] = path ?? $"{PathOf("bin")}:{PathOf("tools")}";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs a script to its end.</summary>
    public Task<(int ExitCode, int Pid, string Output, string Errors)> Run(
        string script,
        string? path = null,
        params string[] arguments
    ) => Run(script, path, arguments, []);

    /// <inheritdoc cref="Run(string,string?,string[])"/>
    public async Task<(int ExitCode, int Pid, string Output, string Errors)> Run(
        string script,
        string? path,
        string[] arguments,
        params (string Name, string Value)[] variables
    )
    {
        using var process = Start(script, path, arguments, variables);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await Wait.For(process.WaitForExitAsync(), $"{script} to end");
        return (process.ExitCode, process.Id, await output, await errors);
    }

    public void Dispose() => _folder.Dispose();
}
