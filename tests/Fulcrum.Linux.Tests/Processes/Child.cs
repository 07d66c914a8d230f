using System.Text;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;

namespace Fulcrum.Linux.Tests.Processes;

/// <summary>Children of a test, and how an event loop would follow them.</summary>
internal static class Child
{
    public static Dictionary<string, string> NoEnvironment { get; } = [];

    public static ChildProcess Start(Dictionary<string, string> environment, params string[] arguments)
    {
        Assert.Equal(0, ChildProcess.Start(new ChildOptions(arguments, environment), out var child));
        return child!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static (string Output, string Errors, ExitStatus Status) Run(
        Dictionary<string, string> environment,
        params string[] arguments
    )
    {
        using var child = Start(environment, arguments);
        var output = ReadToEnd(child.OutputDescriptor);
        var errors = ReadToEnd(child.ErrorDescriptor);
        return (output, errors, Reap(child));
    }

    public static ExitStatus Reap(ChildProcess child)
    {
        Await.Readable(child.ExitDescriptor);
        Assert.Equal(1, child.TryReap(out var status));
        return status;
    }

    /// <summary>Waits until a program has written something.</summary>
    public static string ReadSome(int descriptor)
    {
        var buffer = new byte[256];
        Await.Readable(descriptor);
        return Encoding.UTF8.GetString(buffer, 0, PipeCalls.Read(descriptor, buffer));
    }

    private static string ReadToEnd(int descriptor)
    {
        var text = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            Await.Readable(descriptor);
            var count = PipeCalls.Read(descriptor, buffer);
            Assert.True(count >= 0, $"error {-count}");
            if (count == 0)
            {
                return Encoding.UTF8.GetString(text.ToArray());
            }
            text.Write(buffer, 0, count);
        }
    }
}
