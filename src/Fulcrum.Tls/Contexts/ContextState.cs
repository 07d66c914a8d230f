using System.Runtime.InteropServices;
using Fulcrum.Tls.OpenSsl;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Contexts;

/// <summary>
/// What the library's calls back into this program need: it hangs on the native context, and goes with it, which may
/// be long after whoever made the context, when its last connection ends.
/// </summary>
internal sealed unsafe class ContextState
{
    private const int OfContexts = 1;

    private static readonly int Index = Crypto.NewDataIndex(OfContexts, 0, 0, 0, 0, &Free);

    /// <summary>Protocols as they stand in a hello, in our order (RFC 7301 section 3.1).</summary>
    public byte[] Alpn { get; init; } = [];

    /// <summary>Which clients are let in of those with a good certificate. Null: all.</summary>
    public ClientSubjects? Subjects { get; init; }

    public TicketKeys? Tickets { get; init; }

    /// <summary>Sessions that a client can resume.</summary>
    public SessionStore? Sessions { get; init; }

    /// <summary>What an authority says of our certificates (RFC 6960), by their handles.</summary>
    public Dictionary<nint, ReadOnlyMemory<byte>> Staples { get; } = [];

    /// <returns>What callbacks that are given an argument get.</returns>
    public nint AttachTo(ContextHandle context)
    {
        var pointer = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        if (Ssl.SetData(context, Index, pointer) != 1)
        {
            GCHandle.FromIntPtr(pointer).Free();
            throw TlsException.FromLibrary("no memory for TLS");
        }
        return pointer;
    }

    public static ContextState Of(nint ssl) => At(Ssl.DataOf(Ssl.ContextOf(ssl), Index));

    public static ContextState At(nint pointer) => (ContextState)GCHandle.FromIntPtr(pointer).Target!;

    // Is called for every context of the process, the runtime's own too.
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Free(nint parent, nint pointer, nint all, int index, nint number, nint data)
    {
        if (pointer != 0)
        {
            var state = GCHandle.FromIntPtr(pointer);
            (state.Target as ContextState)?.Sessions?.Clear();
            state.Free();
        }
    }
}
