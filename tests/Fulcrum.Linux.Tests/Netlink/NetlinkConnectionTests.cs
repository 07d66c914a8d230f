using Fulcrum.Linux.Netlink;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class NetlinkConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Acknowledgements_are_matched_by_their_numbers()
    {
        var kernel = new FakeKernel(requests =>
            [
                FakeKernel.Acknowledgement(4711, Errno.Busy),
                [
                    .. FakeKernel.Acknowledgement(requests[2].Sequence, Errno.Exists),
                    .. FakeKernel.Acknowledgement(requests[0].Sequence),
                ],
                FakeKernel.Acknowledgement(requests[2].Sequence, Errno.Range),
                FakeKernel.Acknowledgement(requests[1].Sequence, Errno.NotFound),
            ]
        );
        using var connection = Connect(kernel);
        var outcome = await connection.ChangeAsync(Requests(3), "change", default);
        Assert.Equal([null, Errno.NotFound, Errno.Exists], outcome.Select(error => error?.Error));
    }

    [Fact]
    public async Task Very_many_are_sent_in_portions_that_the_queue_of_answers_has_room_for()
    {
        var kernel = new FakeKernel(requests =>
            requests.Select(request =>
                FakeKernel.Acknowledgement(request.Sequence, request.Sequence == 205 ? Errno.Exists : Errno.None)
            )
        );
        using var connection = Connect(kernel);
        var outcome = await connection.ChangeAsync(Requests(250), "change", default);
        Assert.Equal([100, 100, 50], kernel.Sent.Select(sent => sent.Length));
        Assert.Equal([204], outcome.Index().Where(one => one.Item is not null).Select(one => one.Index));
        Assert.Equal((1, 0), (kernel.Opened, kernel.Closed));
    }

    [Fact]
    public async Task A_dump_that_was_interrupted_is_repeated()
    {
        var kernel = Dumping(interruptions: 2);
        using var connection = Connect(kernel);
        Assert.Equal([3], await connection.AskAsync<byte>(Requests(1), Decode, "list", default));
        Assert.Equal(3, kernel.Sent.Count);
    }

    [Fact]
    public async Task A_dump_that_is_interrupted_again_and_again_is_given_up()
    {
        var kernel = Dumping(interruptions: int.MaxValue);
        using var connection = Connect(kernel);
        var exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            connection.AskAsync<byte>(Requests(1), Decode, "list", default)
        );
        Assert.Equal(Errno.Interrupted, exception.Error);
        Assert.Equal(9, kernel.Sent.Count);
    }

    [Fact]
    public async Task The_end_of_a_dump_may_be_an_error_with_words()
    {
        byte[] end = [0xea, 0xff, 0xff, 0xff, 8, 0, 1, 0, (byte)'n', (byte)'o', 0, 0];
        var kernel = new FakeKernel(requests =>
            [
                FakeKernel.Part(requests[0].Sequence, 1),
                FakeKernel.Message(3, NetlinkError.Extended, requests[0].Sequence, end),
            ]
        );
        using var connection = Connect(kernel);
        var exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            connection.AskAsync<byte>(Requests(1), Decode, "list", default)
        );
        Assert.Equal("list: no (Invalid argument, 22)", exception.Message);
        Assert.Equal((1, 0), (kernel.Opened, kernel.Closed));
    }

    [Fact]
    public async Task Who_gets_no_answer_does_not_wait_for_ever_and_the_next_is_not_disturbed()
    {
        var isSilent = true;
        var kernel = new FakeKernel(requests =>
            isSilent
                ? [FakeKernel.Acknowledgement(requests[0].Sequence)]
                : requests.Select(request => FakeKernel.Acknowledgement(request.Sequence))
        );
        using var connection = Connect(kernel);
        var waiting = connection.ChangeAsync(Requests(2), "stop the daemon", default);
        await Wait.Until(() => kernel.Sent.Count == 1, "the request");
        while (!waiting.IsCompleted)
        {
            await Task.WhenAny(_time.WhenArmed(), waiting);
            _time.Advance(Patience);
        }

        var exception = await Assert.ThrowsAsync<NetlinkException>(() => waiting);
        Assert.Equal(
            (Errno.TimedOut, "stop the daemon: the kernel did not answer within 7 s (Connection timed out, 110)"),
            (exception.Error, exception.Message)
        );
        isSilent = false;
        Assert.All(await connection.ChangeAsync(Requests(2), "change", default), Assert.Null);
        Assert.Equal((2, 1), (kernel.Opened, kernel.Closed));
    }

    [Fact]
    public async Task Who_is_cancelled_does_not_wait()
    {
        var kernel = new FakeKernel(_ => []);
        using var connection = Connect(kernel);
        using var stop = new CancellationTokenSource();
        var waiting = connection.ChangeAsync(Requests(1), "change", stop.Token);
        await Wait.Until(() => kernel.Sent.Count == 1, "the request");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(waiting, "the end"));
        Assert.Equal(1, kernel.Closed);
    }

    [Fact]
    public async Task A_lost_answer_is_told()
    {
        var kernel = new FakeKernel(_ => [null]);
        using var connection = Connect(kernel);
        var exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            connection.ChangeAsync(Requests(1), "change", default)
        );
        Assert.Equal(Errno.NoBufferSpace, exception.Error);
        Assert.Equal(1, kernel.Closed);
    }

    [Fact]
    public async Task Callers_take_turns()
    {
        var kernel = new FakeKernel(requests =>
            requests.Select(request => FakeKernel.Acknowledgement(request.Sequence, (Errno)request.Body[0]))
        );
        using var connection = Connect(kernel);
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(async i =>
                {
                    var outcome = await connection.ChangeAsync(Requests(120, (byte)i), "change", default);
                    return outcome.Length == 120 && outcome.All(error => (int)error!.Error == i);
                })
        );
        Assert.DoesNotContain(false, outcomes);
        Assert.Equal(1, kernel.Opened);
    }

    [Fact]
    public async Task After_the_end_there_is_nothing()
    {
        var kernel = new FakeKernel(requests => [FakeKernel.Acknowledgement(requests[0].Sequence)]);
        var connection = Connect(kernel);
        _ = await connection.ChangeAsync(Requests(1), "change", default);
        connection.Dispose();
        Assert.Equal(1, kernel.Closed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.ChangeAsync(Requests(1), "change", default));
        Assert.Equal(1, kernel.Opened);
    }

    // Each time that it is asked it answers with how often it was; all but the last are interrupted.
    private static FakeKernel Dumping(int interruptions)
    {
        byte asked = 0;
        return new(requests =>
        {
            asked++;
            var flags = asked <= interruptions ? NetlinkFlags.DumpInterrupted : NetlinkFlags.None;
            var sequence = requests[0].Sequence;
            return
            [
                FakeKernel.Part(sequence + 1, 99),
                FakeKernel.Part(sequence, asked, flags),
                FakeKernel.Done(sequence),
            ];
        });
    }

    private static bool Decode(in NetlinkMessage message, out byte value)
    {
        value = message.Body[0];
        return message.Type == 100;
    }

    private static NetlinkWriter Requests(int count, byte content = 0)
    {
        var writer = new NetlinkWriter();
        for (var i = 0; i < count; i++)
        {
            writer.Begin(20, NetlinkFlags.None);
            writer.Structure(4)[0] = content;
            writer.End();
        }

        return writer;
    }

    private NetlinkConnection Connect(FakeKernel kernel) => new(kernel.Open, _time, Patience);
}
