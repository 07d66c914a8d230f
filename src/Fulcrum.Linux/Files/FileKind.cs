namespace Fulcrum.Linux.Files;

/// <summary>What a name in the file system stands for, with the kernel's numbers (inode(7)).</summary>
public enum FileKind
{
    NamedPipe = 0x1000,
    Device = 0x2000,
    Folder = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Link = 0xA000,
    Socket = 0xC000,
}
