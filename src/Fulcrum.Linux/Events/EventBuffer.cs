using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Events;

/// <summary>
/// Room for the events of one <see cref="Epoll.Wait"/>. <c>struct epoll_event</c> is packed on x86-64 and aligned
/// elsewhere, which is why it is read by offset.
/// </summary>
public sealed unsafe class EventBuffer : IDisposable
{
    internal static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    internal static readonly int DataOffset = Stride - 8;

    private byte* _memory;

    public EventBuffer(int capacity)
    {
        Capacity = capacity;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * Stride));
    }

    public int Capacity { get; }

    internal void* Pointer => _memory;

    /// <summary>The event at <paramref name="index"/>, below what the last wait returned.</summary>
    public (EpollEvents Events, ulong Data) this[int index]
    {
        get
        {
            var entry = _memory + (index * Stride);
            return (*(EpollEvents*)entry, Unsafe.ReadUnaligned<ulong>(entry + DataOffset));
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
