using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>
/// A download that goes on until its client asks for the end. Each block is full of its own number, from 1 on, and the
/// last one of zeros; so nothing can be lost, changed or cut off unseen.
/// </summary>
internal sealed class Download : IDisposable
{
    private const int BlockSize = 32 * 1024;

    // Leaves the guest's one processor to others.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket;
    private readonly Task _reading;
    private int _blocks;

    private Download(Socket socket)
    {
        _socket = socket;
        _reading = Read();
    }

    /// <summary>The client's port, by which directors know it.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public static async Task<Download> Start(Client client, IPAddress address, ushort port)
    {
        var socket = client.Home.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(address, port), $"a connection with {address}:{port}");
        return new Download(socket);
    }

    /// <summary>The server's side.</summary>
    public static async Task Serve(Socket socket)
    {
        var block = new byte[BlockSize];
        for (var number = 1; !socket.Poll(0, SelectMode.SelectRead); number++)
        {
            Fill(block, number);
            await Send(socket, block);
            await Wait.Pace(Pace, CancellationToken.None);
        }

        Fill(block, 0);
        await Send(socket, block);
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Waits for a good deal more of it.</summary>
    public async Task GoesOn()
    {
        var goal = Volatile.Read(ref _blocks) + 50;
        await Wait.Until(
            () => Volatile.Read(ref _blocks) >= goal || _reading.IsCompleted,
            $"block {goal} of a download"
        );
        Assert.False(_reading.IsCompleted, $"after block {_blocks}: {_reading.Exception?.InnerException?.Message}");
    }

    /// <summary>Asks for the end, and waits for it. Returns how many bytes came.</summary>
    public async Task<long> Finish()
    {
        await _socket.SendAsync("enough"u8.ToArray());
        await Wait.For(_reading, "a download to end");
        return (long)_blocks * BlockSize;
    }

    public void Dispose() => _socket.Dispose();

    private async Task Read()
    {
        var block = new byte[BlockSize];
        var expected = new byte[BlockSize];
        var isLast = false;
        while (await ReadBlock(block))
        {
            Assert.False(isLast, "nothing comes after the last block");
            isLast = BinaryPrimitives.ReadInt32LittleEndian(block) == 0;
            Fill(expected, isLast ? 0 : _blocks + 1);
            Assert.True(block.AsSpan().SequenceEqual(expected), $"block {_blocks + 1} is as it was sent");
            Volatile.Write(ref _blocks, _blocks + 1);
        }

        Assert.True(isLast, $"cut off after block {_blocks}");
    }

    private async Task<bool> ReadBlock(byte[] block)
    {
        for (var filled = 0; filled < block.Length; )
        {
            var read = await _socket.ReceiveAsync(block.AsMemory(filled));
            if (read == 0)
            {
                Assert.True(filled == 0, $"cut off within block {_blocks + 1}");
                return false;
            }

            filled += read;
        }

        return true;
    }

    private static async Task Send(Socket socket, ReadOnlyMemory<byte> block)
    {
        while (!block.IsEmpty)
        {
            block = block[await socket.SendAsync(block)..];
        }
    }

    private static void Fill(Span<byte> block, int number)
    {
        for (; !block.IsEmpty; block = block[sizeof(int)..])
        {
            BinaryPrimitives.WriteInt32LittleEndian(block, number);
        }
    }
}
