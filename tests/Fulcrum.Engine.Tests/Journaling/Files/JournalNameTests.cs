using Fulcrum.Engine.Journaling.Files;

namespace Fulcrum.Engine.Tests.Journaling.Files;

public sealed class JournalNameTests
{
    [Theory]
    [InlineData("journal-1")]
    [InlineData("journal-20.new")]
    [InlineData("journal-300.damaged")]
    [InlineData("journal-999999999999999")]
    public void Names_are_read_as_they_are_written(string name) =>
        Assert.Equal(name, JournalName.Parse(name).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("lock")]
    [InlineData("journal-")]
    [InlineData("journal-0")]
    [InlineData("journal-01")]
    [InlineData("journal--1")]
    [InlineData("journal-1.old")]
    [InlineData("journal-1.new.new")]
    [InlineData("journal-.new")]
    [InlineData("journal-9999999999999999")]
    [InlineData("Journal-1")]
    public void Other_names_are_somebody_elses(string name) => Assert.Null(JournalName.Parse(name));
}
