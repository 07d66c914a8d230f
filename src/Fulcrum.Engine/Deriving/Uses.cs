using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>Who depends on what: an immutable index from each thing to its users.</summary>
internal sealed class Uses<TKey, TUser>
    where TKey : notnull
    where TUser : class
{
    private readonly Map<TKey, Map<TUser, TUser>> _users;

    private Uses(Map<TKey, Map<TUser, TUser>> users) => _users = users;

    public static Uses<TKey, TUser> None { get; } = new(Map<TKey, Map<TUser, TUser>>.Empty);

    public IEnumerable<TKey> Keys => _users.Keys;

    public IEnumerable<TUser> Of(TKey key) => _users[key]?.Keys ?? [];

    public bool Any(TKey key) => _users.ContainsKey(key);

    public Uses<TKey, TUser> With(TKey key, TUser user) =>
        new(_users.With(key, (_users[key] ?? Map<TUser, TUser>.Empty).With(user, user)));

    public Uses<TKey, TUser> Without(TKey key, TUser user)
    {
        if (_users[key] is not { } users)
        {
            return this;
        }

        users = users.Without(user);
        return new(users.IsEmpty ? _users.Without(key) : _users.With(key, users));
    }

    /// <summary>The user depends on other things now.</summary>
    public Uses<TKey, TUser> Moved(TUser user, IEnumerable<TKey> from, IEnumerable<TKey> to)
    {
        var wanted = to.ToHashSet();
        var uses = this;
        foreach (var key in from)
        {
            uses = wanted.Contains(key) ? uses : uses.Without(key, user);
        }

        foreach (var key in wanted)
        {
            uses = uses.With(key, user);
        }

        return uses;
    }
}
