namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>A bounded queue of bytes: a socket buffer.</summary>
internal sealed class Ring
{
    private const int Mask = 63;
    private readonly byte[] _bytes = new byte[Mask + 1];
    private int _first;

    public int Capacity { get; private set; }

    public int Count { get; private set; }

    public int Free => Capacity - Count;

    public void Clear(int capacity)
    {
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
