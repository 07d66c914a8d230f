using Fulcrum.Forwarding.Offload;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Forwarding.Trying;

/// <summary>Finds out whether the kernel would carry datagrams. The program is loaded, and comes to stand nowhere.</summary>
public static class OffloadTrial
{
    private const int Nowhere = int.MaxValue;

    /// <summary>Why it would not; null: it would.</summary>
    public static string? WhyNot()
    {
        try
        {
            using var program = new OffloadProgram(sessions: 1);
            // Who knows such places looks for the interface, and finds none.
            BpfLink.AttachTcx(program.Program, Nowhere, isEgress: false).Dispose();
            return null;
        }
        catch (LinuxException error)
        {
            return error.Error switch
            {
                Errno.NoDevice => null,
                Errno.NotPermitted => "this user may not load programs",
                Errno.InvalidArgument => "the kernel has no place for programs (tcx), which came with Linux 6.6",
                _ => error.Message,
            };
        }
        catch (BpfRefusedException)
        {
            return "the kernel refuses the program";
        }
    }

    /// <summary>The parameters of interfaces that keep packets of others from going on there.</summary>
    /// <param name="root">Where the kernel's parameters are.</param>
    public static IEnumerable<string> NotForwarding(string root, IEnumerable<string> interfaces) =>
        interfaces.SelectMany(new InterfaceParameters(root).NotForwarding);
}
