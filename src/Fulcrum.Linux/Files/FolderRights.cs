namespace Fulcrum.Linux.Files;

/// <summary>What this process may do with a folder, asked without doing it.</summary>
public static class FolderRights
{
    private const int WriteAndPass = 2 | 1;

    /// <summary>Files can be made in it.</summary>
    public static bool MayWrite(string folder) => Native.EffectiveAccess(folder, WriteAndPass) == 0;
}
