using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

public sealed class ItemsTests
{
    [Fact]
    public void Lists_with_equal_elements_are_equal_and_hash_alike()
    {
        Items<int> one = [1, 2, 3];
        var two = Items.From(Enumerable.Range(1, 3));
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, one.Add(4));
    }

    [Fact]
    public void The_default_list_is_the_empty_list()
    {
        Items<int> empty = [];
        Assert.Equal(default, empty);
        Assert.True(empty.IsEmpty);
    }
}
