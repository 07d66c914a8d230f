using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Fulcrum.Linux.Netlink;

/// <summary>
/// Goes through attributes (netlink(7), NLA_*) one by one. Nothing here throws: a value that is too short or too long
/// for what it is read as is read as nothing, and afterwards <see cref="IsWhole"/> is false. So who decodes reads all
/// first and asks once at the end.
/// </summary>
public ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    /// <summary>Flags stand above the number: that it is nested, and that it is in network order.</summary>
    private const int NumberMask = 0x3fff;
    private const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>The number of the current attribute.</summary>
    public ushort Type { get; private set; }

    /// <summary>The value of the current attribute.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether everything so far was what it was read as.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Goes to the next attribute; false: there is none.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var length = _rest.Length < HeaderLength ? 0 : MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderLength || length > _rest.Length)
        {
            IsWhole = false;
            _rest = default;
            return false;
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & NumberMask);
        Value = _rest[HeaderLength..length];
        _rest = _rest[Math.Min(NetlinkMessage.Aligned(length), _rest.Length)..];
        return true;
    }

    public byte Byte() => Read<byte>();

    public ushort UInt16() => Read<ushort>();

    public uint UInt32() => Read<uint>();

    public int Int32() => Read<int>();

    public ulong UInt64() => Read<ulong>();

    /// <summary>A number in network order.</summary>
    public ushort NetworkUInt16() => Value.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(Value) : (ushort)Spoil();

    /// <inheritdoc cref="NetworkUInt16"/>
    public uint NetworkUInt32() => Value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(Value) : (uint)Spoil();

    /// <summary>Text, up to the zero at its end.</summary>
    public string Text()
    {
        var end = Value.IndexOf((byte)0);
        var text = end < 0 ? Value : Value[..end];
        if (text.IsEmpty)
        {
            Spoil();
        }

        return Encoding.UTF8.GetString(text);
    }

    /// <summary>An IPv4 or IPv6 address; which, its length says.</summary>
    public IPAddress? Address()
    {
        if (Value.Length is 4 or 16)
        {
            return new(Value);
        }

        Spoil();
        return null;
    }

    /// <summary>A structure's bytes: at least so many, as newer kernels may know more fields.</summary>
    public ReadOnlySpan<byte> Structure(int length)
    {
        if (Value.Length >= length)
        {
            return Value[..length];
        }

        Spoil();
        return new byte[length];
    }

    /// <summary>The attributes inside of the current one. What is found of them is told by <see cref="Include"/>.</summary>
    public readonly AttributeReader Nested() => new(Value);

    /// <summary>A part that was read with a reader of its own: if it was not whole, neither is this.</summary>
    public void Include(bool isWhole) => IsWhole &= isWhole;

    private T Read<T>()
        where T : unmanaged
    {
        if (Value.Length == Unsafe.SizeOf<T>())
        {
            return MemoryMarshal.Read<T>(Value);
        }

        Spoil();
        return default;
    }

    private int Spoil()
    {
        IsWhole = false;
        return 0;
    }
}
