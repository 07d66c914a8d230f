using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Fulcrum.TestKit.Namespaces;

/// <summary>
/// An interface of a namespace whose cable is this object: what is written here comes in there, and what goes out there is
/// read here. Like the interface of a virtual machine it takes packets that are not finished: many segments in one, and
/// without a checksum (struct virtio_net_hdr). What goes out is finished.
/// </summary>
public sealed class Tap : IDisposable
{
    private const short Ethernet = 2;
    private const short NoInformation = 0x1000;
    private const short WithHeader = 0x4000;
    private const int HeaderLength = 10;
    private const byte NeedsChecksum = 1;
    private const int MostBytes = 65_600;

    private readonly NetworkNamespace _home;
    private readonly FileStream _file;
    private readonly Thread _reader;
    private readonly BlockingCollection<byte[]> _frames = [];

    /// <param name="home">Where the interface is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="hardware">Its address, in <c>ip</c>'s words.</param>
    public Tap(NetworkNamespace home, string name, string hardware)
    {
        (_home, Name) = (home, name);
        // It says nothing of its own.
        home.Sysctl("net.ipv6.conf.default.disable_ipv6", "1");
        // The interface is made where the file was opened.
        _file = home.Run(() =>
        {
            var file = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);
            SystemCalls.MakeInterface(file, name, Ethernet | NoInformation | WithHeader);
            return new FileStream(file, FileAccess.ReadWrite, bufferSize: 0);
        });
        home.Ip("link", "set", name, "address", hardware, "up");
        _reader = new(Read) { IsBackground = true, Name = name };
        _reader.Start();
    }

    public string Name { get; }

    /// <summary>A frame as it is.</summary>
    public void Send(byte[] frame) => _file.Write([.. new byte[HeaderLength], .. frame]);

    /// <summary>A frame whose transport has the sum of its pseudo header where its checksum is to be.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="start">Where the transport begins.</param>
    /// <param name="offset">Of the checksum, in the transport.</param>
    /// <param name="segments">VIRTIO_NET_HDR_GSO_*: of which kind the many are.</param>
    /// <param name="segment">Bytes of each.</param>
    /// <param name="header">Bytes before them.</param>
    public void SendUnfinished(
        byte[] frame,
        int start,
        int offset,
        TapSegments segments = TapSegments.None,
        int segment = 0,
        int header = 0
    )
    {
        var bytes = (byte[])[.. new byte[HeaderLength], .. frame];
        (bytes[0], bytes[1]) = (NeedsChecksum, (byte)segments);
        var numbers = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan(2, HeaderLength - 2));
        (numbers[0], numbers[1], numbers[2], numbers[3]) = (
            (ushort)header,
            (ushort)segment,
            (ushort)start,
            (ushort)offset
        );
        _file.Write(bytes);
    }

    /// <summary>The next frame that went out.</summary>
    /// <exception cref="TimeoutException">There is none.</exception>
    public byte[] Receive() =>
        _frames.TryTake(out var frame, Wait.DefaultTimeout)
            ? frame
            : throw new TimeoutException($"waited in vain for a frame out of {Name}");

    public void Dispose()
    {
        // Reading ends with the interface.
        _home.Ip("link", "delete", Name);
        _reader.Join();
        _file.Dispose();
        _frames.Dispose();
    }

    private void Read()
    {
        var room = new byte[HeaderLength + MostBytes];
        try
        {
            while (_file.Read(room) is > HeaderLength and var length)
            {
                _frames.Add(room[HeaderLength..length]);
            }
        }
        catch (IOException)
        {
            // The interface is gone.
        }
    }
}
