using System.Runtime.InteropServices;
using System.Text;

namespace Fulcrum.Linux.Processes;

/// <summary>Strings as execve(2) wants them: an array of pointers that ends with null, and the bytes behind it.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    public NativeStrings(IReadOnlyCollection<string> texts)
    {
        var pointers = (texts.Count + 1) * sizeof(byte*);
        var bytes = texts.Sum(text => Encoding.UTF8.GetByteCount(text) + 1);
        Pointer = (byte**)NativeMemory.Alloc((nuint)(pointers + bytes));
        var free = new Span<byte>((byte*)Pointer + pointers, bytes);
        var next = (byte*)Pointer + pointers;
        var index = 0;
        foreach (var text in texts)
        {
            Pointer[index++] = next;
            var length = Encoding.UTF8.GetBytes(text, free);
            free[length] = 0;
            free = free[(length + 1)..];
            next += length + 1;
        }
        Pointer[index] = null;
    }

    internal byte** Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
