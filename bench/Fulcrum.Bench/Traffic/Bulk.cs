namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Backends send as much as they can, clients throw it away. A unit is a byte. The pages of a file in memory are given
/// to the socket and what is received is not copied, so neither end touches the data.
/// </summary>
internal sealed unsafe class Bulk : StreamLoad
{
    private const int Chunk = 512 * 1024;

    private readonly int _file = Native.MemoryFile(Chunk);

    public Bulk(int listener, int streams)
        : base(listener, streams) { }

    // Level triggered: each event moves a chunk, and all streams have their turn.
    protected override int ServerEvents => Native.Out;

    protected override int ClientEvents => Native.In;

    public override void Dispose()
    {
        _ = Native.Close(_file);
        base.Dispose();
    }

    protected override void OnConnected(int fd) { }

    protected override void OnServer(int fd, int events)
    {
        var offset = 0L;
        var sent = Native.SendFile(fd, _file, &offset, Chunk);
        if (sent < 0 && Native.LastError != Native.Again)
        {
            Forget(fd);
        }
    }

    protected override void OnClient(int fd, int events)
    {
        // Edge triggered: until nothing is left.
        while (true)
        {
            var length = Native.Receive(fd, Buffer, BufferLength, Native.Discard);
            if (length <= 0)
            {
                if (length == 0 || Native.LastError != Native.Again)
                {
                    Fail(fd);
                }

                return;
            }

            Meter.Count(length);
            if (length < BufferLength)
            {
                return;
            }
        }
    }
}
