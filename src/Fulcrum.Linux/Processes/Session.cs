using System.Globalization;
using System.IO.Enumeration;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// Ends all processes of a session (setsid(2)). The kernel has a call for a group, but none for a session, and job
/// control gives each job a group; so /proc tells who is there. A process that has SIGKILL cannot fork any more, and
/// a signal to a group reaches all of it at once: when a look at /proc finds nobody new, nobody is left.
/// </summary>
internal static class Session
{
    private const int Kill = 9;

    // The second look usually is the last; more are for those who fork and leave while we look.
    private const int MostLooks = 16;

    internal static void End(int session)
    {
        var ended = new HashSet<int>();
        _ = Native.Kill(-session, Kill);
        for (var look = 0; look < MostLooks && EndNew(session, ended); look++) { }
    }

    private static bool EndNew(int session, HashSet<int> ended)
    {
        var before = ended.Count;
        try
        {
            foreach (var process in Processes())
            {
                // The group first: should the number pass to another process in between, it is in another session.
                var group = Native.GroupOf(process);
                if (group > 1 && Native.SessionOf(process) == session && ended.Add(process))
                {
                    _ = Native.Kill(-group, Kill);
                }
            }
        }
        catch (IOException)
        {
            // No descriptor is free to look with; the group that matters most is ended.
            return false;
        }
        return ended.Count > before;
    }

    private static FileSystemEnumerable<int> Processes() =>
        new(
            "/proc",
            static (ref entry) => int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture),
            new EnumerationOptions { AttributesToSkip = FileAttributes.None }
        )
        {
            ShouldIncludePredicate = static (ref entry) =>
                int.TryParse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        };
}
