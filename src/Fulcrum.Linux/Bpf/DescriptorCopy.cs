namespace Fulcrum.Linux.Bpf;

internal static class DescriptorCopy
{
    private const int DuplicateCloseOnExec = 1030;

    /// <summary>Another descriptor of the same, which programs that are started do not get.</summary>
    /// <exception cref="LinuxException"/>
    public static int Of(int descriptor) =>
        LinuxException.ThrowIfError(
            Native.Result(Native.DescriptorControl(descriptor, DuplicateCloseOnExec, 0)),
            "copy a descriptor"
        );
}
