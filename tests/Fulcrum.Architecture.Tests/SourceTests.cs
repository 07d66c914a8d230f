using Fulcrum.Architecture.Tests.Rules;

namespace Fulcrum.Architecture.Tests;

public sealed class SourceTests
{
    private static readonly SourceFile[] Source = [.. RepositoryFiles.CSharp("src")];
    private static readonly SourceFile[] All =
    [
        .. Source,
        .. RepositoryFiles.CSharp("tests"),
        .. RepositoryFiles.CSharp("bench"),
    ];

    [Fact]
    public void The_namespace_is_the_folder()
    {
        Assert.NotEmpty(Source);
        Broken.None(SourceRules.WrongNamespaces(All));
    }

    [Theory]
    [InlineData("src/Fulcrum.X/A/B.cs", "namespace Fulcrum.X;\n")]
    [InlineData("src/Fulcrum.X/B.cs", "namespace Fulcrum.X.A;\n")]
    [InlineData("src/Fulcrum.X/B.cs", "class B;\n")]
    public void A_wrong_namespace_is_found(string path, string text) =>
        Assert.Single(SourceRules.WrongNamespaces([new SourceFile(path, text)]));

    [Fact]
    public void Files_are_short()
    {
        Broken.None(SourceRules.TooLong(All));
        Assert.InRange(SourceRules.Median(Source), 1, SourceRules.MedianLines);
    }

    [Fact]
    public void Long_files_are_found()
    {
        var longest = new SourceFile("a.cs", string.Concat(Enumerable.Repeat("x\n", SourceRules.MostLines)));
        Assert.Empty(SourceRules.TooLong([longest]));
        Assert.Single(SourceRules.TooLong([longest with { Text = longest.Text + "x\n" }]));
        Assert.Equal(2, SourceRules.Median([new("a", "1\n"), new("b", "1\n2\n"), new("c", "1\n2\n3\n")]));
    }

    [Fact]
    public void A_file_has_one_public_type() => Broken.None(SourceRules.SeveralPublicTypes(Source));

    [Theory]
    [InlineData("public sealed class A;\npublic static class B;\n", 1)]
    [InlineData("public interface A;\npublic sealed record B;\n", 1)]
    [InlineData("public interface A;\npublic interface B;\n", 0)]
    [InlineData("public delegate void A();\npublic sealed class B(A a);\n", 0)]
    [InlineData("public readonly struct A<T>;\npublic static class A;\n", 0)]
    [InlineData(
        "public abstract record A;\npublic sealed record B : A;\npublic enum C;\npublic readonly record struct D;\n",
        0
    )]
    [InlineData("public sealed class A\n{\n    public sealed class Inner;\n}\ninternal sealed class B;\n", 0)]
    public void Several_public_types_are_found_unless_they_are_one_family(string text, int violations) =>
        Assert.Equal(violations, SourceRules.SeveralPublicTypes([new SourceFile("a.cs", text)]).Count());

    [Fact]
    public void Nothing_sleeps() => Broken.None(SourceRules.Sleeps(All.Where(file => file.Name != "SourceTests.cs")));

    [Fact]
    public void Sleeping_is_found() =>
        Assert.Single(SourceRules.Sleeps([new SourceFile("a.cs", "System.Threading.Thread.Sleep(1);")]));

    [Fact]
    public void Log_messages_are_in_files_of_their_own() => Broken.None(SourceRules.LogMessagesElsewhere(Source));

    [Theory]
    [InlineData("A.cs", "    [LoggerMessage(1)]", 1)]
    [InlineData("A.Log.cs", "    [LoggerMessage(1)]", 0)]
    [InlineData("A.Log.cs", "logger.LogWarning(\"x\");", 1)]
    public void Log_messages_elsewhere_are_found(string name, string text, int violations) =>
        Assert.Equal(violations, SourceRules.LogMessagesElsewhere([new SourceFile(name, text)]).Count());
}
