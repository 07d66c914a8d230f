using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// posix_spawn(3). The C library forks without copying memory and returns when the program has begun, or with the
/// error that kept it from beginning.
/// </summary>
internal static unsafe partial class Spawner
{
    private const string C = "libc";

    // The C libraries differ in what the opaque structures hold; glibc's larger one takes 336 bytes.
    private const int OpaqueWords = 64;
    private const int SignalSetBytes = 128;

    // POSIX_SPAWN_SETSIGDEF, SETSIGMASK and SETSID.
    private const short InPlace = 0x04 | 0x08;
    private const short Flags = InPlace | 0x80;

    /// <summary>
    /// Starts a program in a session of its own and in the root directory. The runtime ignores SIGPIPE and threads may
    /// block signals, both of which a program would inherit: it gets the usual dispositions.
    /// </summary>
    /// <param name="input">What it reads; negative: nothing.</param>
    internal static int Start(ChildOptions options, int input, int output, int errors, out int process)
    {
        using var arguments = new NativeStrings(options.Arguments);
        using var environment = new NativeStrings([
            .. options.Environment.Select(variable => $"{variable.Key}={variable.Value}"),
        ]);
        var attributes = stackalloc ulong[OpaqueWords];
        var actions = stackalloc ulong[OpaqueWords];
        var none = stackalloc byte[SignalSetBytes];
        var all = stackalloc byte[SignalSetBytes];
        new Span<byte>(all, SignalSetBytes).Fill(0xFF);
        var number = 0;

        // These two only clear, and the three that set attributes only store.
        _ = InitializeAttributes(attributes);
        _ = InitializeActions(actions);
        _ = SetFlags(attributes, Flags);
        _ = SetMask(attributes, none);
        _ = SetDefaults(attributes, all);
        int error;
        fixed (byte* nothing = "/dev/null\0"u8)
        fixed (byte* root = "/\0"u8)
        {
            _ =
                (error = input < 0 ? AddOpen(actions, 0, nothing, 0, 0) : AddDuplicate(actions, input, 0)) != 0
                || (error = AddDuplicate(actions, output, 1)) != 0
                || (error = AddDuplicate(actions, errors, 2)) != 0
                || (error = AddDirectory(actions, root)) != 0
                || (
                    error = Spawn(
                        &number,
                        arguments.Pointer[0],
                        actions,
                        attributes,
                        arguments.Pointer,
                        environment.Pointer
                    )
                ) != 0;
        }
        _ = DestroyActions(actions);
        _ = DestroyAttributes(attributes);
        process = number;
        return -error;
    }

    /// <summary>
    /// Starts a program beside us: in our session, our directory and with our standard streams. Beside them it gets one
    /// descriptor, under a number of its own.
    /// </summary>
    internal static int StartBeside(ChildOptions options, string file, int descriptor, int number, out int process)
    {
        using var arguments = new NativeStrings(options.Arguments);
        using var environment = new NativeStrings([
            .. options.Environment.Select(variable => $"{variable.Key}={variable.Value}"),
        ]);
        using var path = new NativeStrings([file]);
        var attributes = stackalloc ulong[OpaqueWords];
        var actions = stackalloc ulong[OpaqueWords];
        var none = stackalloc byte[SignalSetBytes];
        var all = stackalloc byte[SignalSetBytes];
        new Span<byte>(all, SignalSetBytes).Fill(0xFF);
        var started = 0;
        _ = InitializeAttributes(attributes);
        _ = InitializeActions(actions);
        _ = SetFlags(attributes, InPlace);
        _ = SetMask(attributes, none);
        _ = SetDefaults(attributes, all);
        // Onto itself, it loses close-on-exec (posix_spawn_file_actions_adddup2(3)).
        var error = AddDuplicate(actions, descriptor, number);
        if (error == 0)
        {
            error = Spawn(&started, path.Pointer[0], actions, attributes, arguments.Pointer, environment.Pointer);
        }
        _ = DestroyActions(actions);
        _ = DestroyAttributes(attributes);
        process = started;
        return -error;
    }

    [LibraryImport(C, EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(void* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(void* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(void* attributes, short flags);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(void* attributes, void* signals);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(void* attributes, void* signals);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(void* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(void* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int AddOpen(void* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static partial int AddDirectory(void* actions, byte* path);

    [LibraryImport(C, EntryPoint = "posix_spawnp")]
    private static partial int Spawn(
        int* process,
        byte* file,
        void* actions,
        void* attributes,
        byte** arguments,
        byte** environment
    );
}
