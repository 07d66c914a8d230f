namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>A bounded queue of bytes: a socket buffer.</summary>
internal sealed class Ring
{
    private byte[] _bytes = new byte[64];
    private int _first;

    private int Mask => _bytes.Length - 1;

    public int Capacity { get; private set; }

    public int Count { get; private set; }

    public int Free => Capacity - Count;

    public void Clear(int capacity)
    {
        while (_bytes.Length < capacity)
        {
            _bytes = new byte[_bytes.Length * 2];
        }
        Capacity = capacity;
        Count = _first = 0;
    }

    public void Clear() => Clear(Capacity);

    public void Add(byte value) => _bytes[(_first + Count++) & Mask] = value;

    public byte Take()
    {
        Count--;
        return _bytes[_first++ & Mask];
    }

    public byte Look(int index) => _bytes[(_first + index) & Mask];
}
