using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Fulcrum.Linux.Bpf;

/// <summary>
/// A map, a program or a link of the kernel's. It lives as long as somebody has it: a process, another of its kind that
/// needs it, or a name in the BPF file system (a pin).
/// </summary>
public abstract class BpfHandle : IDisposable
{
    private readonly SafeFileHandle _handle;

    private protected BpfHandle(int descriptor) => _handle = new(descriptor, ownsHandle: true);

    internal int Descriptor => (int)_handle.DangerousGetHandle();

    private protected abstract string Kind { get; }

    /// <summary>Gives it a name in the BPF file system, by which it outlives this process.</summary>
    /// <exception cref="LinuxException"><see cref="Errno.Exists"/> among others.</exception>
    public unsafe void Pin(string path)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var argument = new PinArgument { Path = text, Descriptor = Descriptor };
            _ = BpfCall.DoOrThrow(BpfCommand.Pin, ref argument, $"pin a BPF {Kind} as {path}");
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <returns>A descriptor; null: there is no such name.</returns>
    /// <exception cref="LinuxException"/>
    private protected static unsafe int? Open(string path, string kind)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var argument = new PinArgument { Path = text };
            var result = BpfCall.Do(BpfCommand.OpenPin, ref argument);
            return result == -(int)Errno.NotFound
                ? null
                : LinuxException.ThrowIfError(result, $"open the BPF {kind} {path}");
        }
    }

    /// <summary>As much of what the kernel says of it as there is room for.</summary>
    /// <exception cref="LinuxException"/>
    private protected unsafe void Inform(Span<byte> information)
    {
        information.Clear();
        fixed (byte* at = information)
        {
            var argument = new InformationArgument
            {
                Descriptor = Descriptor,
                Length = (uint)information.Length,
                Information = at,
            };
            _ = BpfCall.DoOrThrow(BpfCommand.Information, ref argument, $"ask for a BPF {Kind}");
        }
    }
}
