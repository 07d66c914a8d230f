using Microsoft.Win32.SafeHandles;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>An SSL_CTX. Connections that were made from it hold it by themselves.</summary>
internal sealed class ContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ContextHandle()
        : base(ownsHandle: true) { }

    public ContextHandle(nint context)
        : base(ownsHandle: true) => SetHandle(context);

    protected override bool ReleaseHandle()
    {
        Ssl.FreeContext(handle);
        return true;
    }
}
