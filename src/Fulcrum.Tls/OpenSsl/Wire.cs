using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>
/// What a connection's BIO reads from and writes to during one call: spans of the caller's. Lives in native memory, where
/// OpenSSL keeps its address; between calls it holds nothing.
/// </summary>
internal unsafe struct Wire
{
    private const int FlushCommand = 11;
    private const int Retries = 0x0F;
    private const int RetryRead = 0x01 | 0x08;
    private const int RetryWrite = 0x02 | 0x08;

    private static readonly nint Method = NewMethod();

    public byte* Input;
    public int InputLeft;
    public byte* Output;
    public int OutputLeft;

    /// <summary>A BIO that works on a wire; the SSL object that it is set for frees it.</summary>
    public static nint NewBio(Wire* wire)
    {
        var bio = Crypto.NewBio(Method);
        if (bio == 0)
        {
            throw TlsException.FromLibrary("no memory for a connection");
        }
        Crypto.SetBioData(bio, wire);
        Crypto.SetBioReady(bio, 1);
        return bio;
    }

    private static nint NewMethod()
    {
        // The library keeps the pointer; a literal stays where it is.
        var name = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference("wire"u8));
        var method = Crypto.NewBioMethod(Crypto.NewBioType(), name);
        _ = Crypto.SetBioRead(method, &Read);
        _ = Crypto.SetBioWrite(method, &Write);
        _ = Crypto.SetBioControl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int length)
    {
        var wire = (Wire*)Crypto.BioData(bio);
        Crypto.ClearBioFlags(bio, Retries);
        var count = Math.Min(length, wire->InputLeft);
        if (count == 0)
        {
            Crypto.SetBioFlags(bio, RetryRead);
            return -1;
        }
        Buffer.MemoryCopy(wire->Input, buffer, length, count);
        wire->Input += count;
        wire->InputLeft -= count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* data, int length)
    {
        var wire = (Wire*)Crypto.BioData(bio);
        Crypto.ClearBioFlags(bio, Retries);
        var count = Math.Min(length, wire->OutputLeft);
        if (count == 0)
        {
            Crypto.SetBioFlags(bio, RetryWrite);
            return -1;
        }
        Buffer.MemoryCopy(data, wire->Output, count, count);
        wire->Output += count;
        wire->OutputLeft -= count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* data) => command == FlushCommand ? 1 : 0;
}
