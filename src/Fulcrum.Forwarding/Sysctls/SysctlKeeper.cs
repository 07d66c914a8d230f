namespace Fulcrum.Forwarding.Sysctls;

/// <summary>
/// Sets the kernel parameters that forwarding needs, and only those that are not as they should be. What they were is
/// remembered in a file, so that they can be given back on the last day, whatever happened between. Somebody else's
/// later word counts: a parameter that is no longer as we set it is not given back.
/// </summary>
/// <param name="root">/proc/sys, of the namespace that is meant.</param>
/// <param name="memory">The file, in the state directory.</param>
public sealed class SysctlKeeper(string root, string memory)
{
    private readonly Lock _gate = new();
    private readonly SysctlMemory _memory = new(memory);

    /// <summary>How often something was written to the kernel.</summary>
    public int Written { get; private set; }

    /// <summary>
    /// These are wanted from now on; what was wanted before and is not any more is given back. What could not be done
    /// comes back in words.
    /// </summary>
    public IReadOnlyList<string> Apply(IReadOnlyCollection<SysctlWish> wishes)
    {
        lock (_gate)
        {
            var wanted = wishes.Select(wish => wish.Path).ToHashSet(StringComparer.Ordinal);
            return [.. wishes.Select(Set).Concat(GiveBack(path => !wanted.Contains(path))).OfType<string>()];
        }
    }

    /// <summary>Gives back all that is still as we set it.</summary>
    public IReadOnlyList<string> Restore() => Apply([]);

    /// <summary>What is not as it should be, and nothing is changed.</summary>
    public IReadOnlyList<SysctlLack> Check(IReadOnlyCollection<SysctlWish> wishes) =>
        [
            .. from wish in wishes
            let value = Read(wish.Path)
            where value is null || !wish.IsMetBy(value)
            select new SysctlLack(wish, value, CanWrite(wish.Path)),
        ];

    // Null: all is well.
    private string? Set(SysctlWish wish)
    {
        var value = Read(wish.Path);
        if (value is null)
        {
            return new SysctlLack(wish, value, CanBeSet: false).ToString();
        }

        if (wish.IsMetBy(value))
        {
            return null;
        }

        try
        {
            _memory.Remember(wish.Path, value, wish.Value);
            Write(wish.Path, wish.Value);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{new SysctlLack(wish, value, CanBeSet: false)}: {exception.Message}";
        }
    }

    private List<string?> GiveBack(Func<string, bool> isOver)
    {
        var problems = new List<string?>();
        foreach (var (path, (old, ours)) in _memory.Entries.Where(entry => isOver(entry.Key)).ToList())
        {
            try
            {
                // Of an interface that is gone there is nothing to give back.
                if (Read(path) == ours)
                {
                    Write(path, old);
                }

                _memory.Forget(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{path} cannot be set back to {old}: {exception.Message}");
            }
        }

        return problems;
    }

    private string? Read(string path)
    {
        try
        {
            // The kernel puts tabs between several numbers.
            return File.ReadAllText(PathOf(path)).Trim().Replace('\t', ' ');
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool CanWrite(string path)
    {
        try
        {
            // The kernel asks who opens it; what is never written changes nothing.
            using var file = new FileStream(PathOf(path), FileMode.Open, FileAccess.Write);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Write(string path, string value)
    {
        // The file must be there: a parameter is never made.
        using var file = new FileStream(PathOf(path), FileMode.Open, FileAccess.Write);
        file.Write(System.Text.Encoding.ASCII.GetBytes(value));
        Written++;
    }

    private string PathOf(string path) => Path.Combine(root, path);
}
