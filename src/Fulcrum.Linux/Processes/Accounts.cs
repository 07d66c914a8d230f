using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Processes;

/// <summary>Users and groups of the system, wherever it keeps them (nsswitch.conf(5)).</summary>
public static unsafe partial class Accounts
{
    private const string C = "libc";
    private const int MostText = 1 << 20;

    // struct passwd begins with the name; struct group has a name, a password, and then the number. Both are shorter.
    private const int RecordLength = 128;
    private static readonly int GroupIdAt = 2 * sizeof(void*);

    /// <summary>With whose rights this process works.</summary>
    public static uint OwnUserId => EffectiveUserId();

    /// <summary>Null: there is no such user.</summary>
    public static string? UserName(uint userId)
    {
        string? name = null;
        Find(
            (record, text, length, found) => UserById(userId, record, text, length, found),
            record => name = Name(record)
        );
        return name;
    }

    /// <summary>Null: there is no such group.</summary>
    public static uint? GroupId(string name)
    {
        uint? id = null;
        Find(
            (record, text, length, found) => GroupByName(name, record, text, length, found),
            record => id = *(uint*)(record + GroupIdAt)
        );
        return id;
    }

    private delegate int Search(byte* record, byte* text, nuint length, byte** found);

    private delegate void Use(byte* record);

    // A group of many members takes more text than anybody can know before.
    private static void Find(Search search, Use use)
    {
        var record = stackalloc byte[RecordLength];
        for (var length = 4096; length <= MostText; length *= 4)
        {
            var text = (byte*)NativeMemory.Alloc((nuint)length);
            try
            {
                byte* found = null;
                var error = (Errno)search(record, text, (nuint)length, &found);
                if (error == Errno.Range)
                {
                    continue;
                }

                if (error == Errno.None && found is not null)
                {
                    use(found);
                }

                return;
            }
            finally
            {
                NativeMemory.Free(text);
            }
        }
    }

    private static string? Name(byte* record) => Marshal.PtrToStringUTF8(*(nint*)record);

    [LibraryImport(C, EntryPoint = "geteuid")]
    [SuppressGCTransition]
    private static partial uint EffectiveUserId();

    [LibraryImport(C, EntryPoint = "getpwuid_r")]
    private static partial int UserById(uint id, byte* record, byte* text, nuint length, byte** found);

    [LibraryImport(C, EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GroupByName(string name, byte* record, byte* text, nuint length, byte** found);
}
