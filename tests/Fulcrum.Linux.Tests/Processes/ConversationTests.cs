using System.Text;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Tests.Processes;

/// <summary>Programs that are talked with.</summary>
public sealed class ConversationTests
{
    [Fact]
    public void What_is_sent_is_its_input_and_what_it_writes_comes_back()
    {
        using var child = Start(out var conversation, "/bin/sh", "-c", "tr a-z A-Z; echo end >&2");
        SocketCalls.Send(conversation, "hello\n"u8);
        SocketCalls.ShutdownWrite(conversation);
        Await.Readable(conversation);
        var buffer = new byte[64];
        Assert.Equal("HELLO\n", Encoding.ASCII.GetString(buffer, 0, SocketCalls.Receive(conversation, buffer)));
        Assert.Equal(new ExitStatus(0, 0), Child.Reap(child));
        Assert.Equal("end\n", Child.ReadSome(child.ErrorDescriptor));
        SocketCalls.Close(conversation);
    }

    [Fact]
    public void A_request_to_end_reaches_all_of_its_group()
    {
        using var child = Start(out var conversation, "/bin/sh", "-c", "echo go; sleep 1000");
        Await.Readable(conversation);
        child.Terminate();
        Assert.Equal(new ExitStatus(0, 15), Child.Reap(child));
        // After its end it reaches nobody.
        child.Terminate();
        SocketCalls.Close(conversation);
    }

    [Fact]
    public void A_program_that_is_not_there_leaves_nothing_behind()
    {
        const int Times = 200;
        var before = OpenDescriptors.Count();
        var options = new ChildOptions(["/no/such/program"], Child.NoEnvironment);
        for (var time = 0; time < Times; time++)
        {
            var result = ChildProcess.StartConversing(options, out var child, out var conversation);
            Assert.Equal(-(int)Errno.NotFound, result);
            Assert.Null(child);
            Assert.Equal(-1, conversation);
        }
        // Other tests open and close some meanwhile.
        Assert.InRange(OpenDescriptors.Count() - before, int.MinValue, Times / 2);
    }

    [Fact]
    public void Only_a_pipe_that_somebody_reads_can_be_written_to()
    {
        using var folder = new TestKit.TemporaryDirectory();
        var (pipe, plain) = (folder.PathOf("pipe"), folder.PathOf("plain"));
        TestKit.Tool.Run("mkfifo", pipe);
        File.WriteAllText(plain, "");
        Assert.Equal(-(int)Errno.NoDeviceOrAddress, PipeCalls.OpenNamed(pipe));
        Assert.Equal(-(int)Errno.InvalidArgument, PipeCalls.OpenNamed(plain));
        Assert.Equal(-(int)Errno.NotFound, PipeCalls.OpenNamed(folder.PathOf("missing")));
        using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        var descriptor = PipeCalls.OpenNamed(pipe);
        Assert.Equal(3, PipeCalls.Write(descriptor, "abc"u8));
        SocketCalls.Close(descriptor);
        Assert.Equal(
            (FileKind.NamedPipe, FileKind.Regular, FileKind.Folder, null),
            (FileKinds.Of(pipe), FileKinds.Of(plain), FileKinds.Of("/proc/self/root/"), FileKinds.Of("/no/such/file"))
        );
    }

    private static ChildProcess Start(out int conversation, params string[] arguments)
    {
        var options = new ChildOptions(
            arguments,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" }
        );
        Assert.Equal(0, ChildProcess.StartConversing(options, out var child, out conversation));
        return child!;
    }
}
