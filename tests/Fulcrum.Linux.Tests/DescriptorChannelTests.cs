using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests;

public sealed class DescriptorChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Messages_arrive_whole_in_their_order_with_what_was_beside_them()
    {
        var (ours, theirs) = DescriptorChannel.OpenPair();
        using (ours)
        using (theirs)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var own = (int)listener.Handle;
            int[] many = [.. Enumerable.Repeat(own, DescriptorChannel.MostDescriptors)];
            Assert.Equal(0, ours.Send("one"u8, [own]));
            Assert.Equal(0, ours.Send("two"u8, []));
            Assert.Equal(0, ours.Send("three"u8, many));
            var (buffer, descriptors) = (new byte[16], new List<int>());
            Assert.Equal(3, theirs.Receive(buffer, descriptors, Patience));
            var copy = Assert.Single(descriptors);
            Assert.NotEqual(own, copy);
            // The same socket under another number.
            Assert.True(SocketCalls.LocalAddress(copy, out var address) >= 0);
            Assert.Equal(listener.LocalEndPoint, address.ToIPEndPoint());
            Assert.Equal(3, theirs.Receive(buffer, descriptors, Patience));
            Assert.Single(descriptors);
            Assert.Equal(5, theirs.Receive(buffer, descriptors, Patience));
            Assert.Equal("three"u8, buffer.AsSpan(0, 5));
            Assert.Equal(1 + many.Length, descriptors.Count);
            descriptors.ForEach(descriptor => SocketCalls.Close(descriptor));
        }
    }

    [Fact]
    public void What_does_not_fit_is_an_error_and_leaves_nothing_open()
    {
        var (ours, theirs) = DescriptorChannel.OpenPair();
        using (ours)
        using (theirs)
        {
            Assert.Equal(0, ours.Send(new byte[100], [ours.Descriptor]));
            var descriptors = new List<int>();
            Assert.Equal(-(int)Errno.MessageTooLong, theirs.Receive(new byte[99], descriptors, Patience));
            Assert.Empty(descriptors);
        }
    }

    [Fact]
    public void The_end_is_read_and_silence_ends_in_time()
    {
        var (ours, theirs) = DescriptorChannel.OpenPair();
        using (theirs)
        {
            Assert.Equal(-(int)Errno.TimedOut, theirs.Receive(new byte[8], [], TimeSpan.FromMilliseconds(20)));
            ours.Dispose();
            Assert.Equal(0, theirs.Receive(new byte[8], [], Patience));
            Assert.Equal(-(int)Errno.BrokenPipe, theirs.Send("nobody"u8, []));
        }
    }

    [Fact]
    public void A_program_has_its_end_under_the_number_that_it_is_told()
    {
        var (ours, theirs) = DescriptorChannel.OpenPair();
        using (ours)
        {
            SiblingProcess process;
            using (theirs)
            {
                string[] command = ["sh", "-c", "echo \"$WORD\" >&3; exit 7"];
                process = SiblingProcess.Start(
                    "/bin/sh",
                    new(command, OwnProgram.EnvironmentWith(("WORD", "here"))),
                    theirs
                );
            }

            var buffer = new byte[16];
            Assert.Equal(5, ours.Receive(buffer, [], Patience));
            Assert.Equal("here\n"u8, buffer.AsSpan(0, 5));
            Assert.Equal(0, ours.Receive(buffer, [], Patience));
            Assert.Equal(7, process.TryReap(Patience));
        }
    }

    [Fact]
    public void A_process_that_is_another_s_is_ended_and_its_end_is_seen()
    {
        var (ours, theirs) = DescriptorChannel.OpenPair();
        using (ours)
        {
            SiblingProcess process;
            using (theirs)
            {
                process = SiblingProcess.Start(
                    "/bin/sh",
                    new(["sh", "-c", "exec sleep 60"], OwnProgram.EnvironmentWith()),
                    theirs
                );
            }

            using var other = OtherProcess.Open(process.ProcessId);
            Assert.False(other.HasEnded(TimeSpan.FromMilliseconds(20)));
            other.Signal(ProcessSignal.Terminate);
            Assert.True(other.HasEnded(Patience));
            Assert.Equal(128 + (int)ProcessSignal.Terminate, process.TryReap(Patience));
            other.Signal(ProcessSignal.Kill);
            Assert.True(other.HasEnded(TimeSpan.Zero));
        }
    }

    [Fact]
    public void A_program_that_is_not_there_is_said()
    {
        var (ours, theirs) = DescriptorChannel.OpenPair();
        using (ours)
        using (theirs)
        {
            var options = new ChildOptions(["nothing"], OwnProgram.EnvironmentWith());
            var error = Assert.Throws<LinuxException>(() => SiblingProcess.Start("/no/such/program", options, theirs));
            Assert.Equal(Errno.NotFound, error.Error);
        }
    }

    [Fact]
    public void A_process_knows_what_it_runs()
    {
        var program = OwnProgram.Find();
        Assert.NotNull(program);
        Assert.True(File.Exists(program.File));
        Assert.NotEmpty(program.Arguments);
    }

    [Fact]
    public void A_link_that_leads_to_the_program_is_what_it_is_found_by()
    {
        using var folder = new TemporaryDirectory();
        var (link, other) = (folder.PathOf("current"), folder.PathOf("other"));
        File.CreateSymbolicLink(link, Environment.ProcessPath!);
        File.CreateSymbolicLink(other, "/bin/sh");
        Assert.Equal(link, OwnProgram.Lead(link));
        Assert.Null(OwnProgram.Lead(other));
        Assert.Null(OwnProgram.Lead("no-such-program"));
    }
}
