namespace Fulcrum.Linux.Files;

/// <summary>Tells what a file is, which the base library says of regular files and folders only.</summary>
public static unsafe class FileKinds
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint Type = 1;
    private const int KindMask = 0xF000;

    // Of struct statx, in bytes: stx_mode.
    private const int ModeAt = 28;

    /// <summary>Of the name itself: a link is a link. Null: there is none of that name, or it cannot be told.</summary>
    public static FileKind? Of(string path) => Look(CurrentFolder, path, NoFollow);

    /// <summary>Of what was opened.</summary>
    public static FileKind? Of(int descriptor) => Look(descriptor, "", EmptyPath);

    private static FileKind? Look(int folder, string path, int flags)
    {
        var status = stackalloc long[32];
        return Native.StatX(folder, path, flags, Type, status) == 0
            ? (FileKind)(*(ushort*)((byte*)status + ModeAt) & KindMask)
            : null;
    }
}
