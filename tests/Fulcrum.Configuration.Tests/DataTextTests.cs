using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;

namespace Fulcrum.Configuration.Tests;

public sealed class DataTextTests
{
    [Theory]
    [InlineData("""{"a":1,"b":"text","c":[1,2],"d":{"e":{}},"f":[],"g":null,"h":true}""")]
    [InlineData(
        """{"at":"2031-03-01T03:00:00+00:00","day":"2031-03-01","size":"1_000","time":"12:30:45","hex":"0x1F"}"""
    )]
    [InlineData(
        """{"words":["yes","No","null","~","true","1","-1","1.5",""," x ","a: b","#c","- d","{","é","\u0007","${HOME}"]}"""
    )]
    [InlineData(
        """{"list":[{"name":"one","labels":{"rack":"a"},"services":["x","y"]},{"name":"two"}],"nested":[[1],[[]]]}"""
    )]
    [InlineData("""[1,"a"]""")]
    [InlineData("\"text\"")]
    public void Yaml_says_the_same_as_json(string json)
    {
        var yaml = DataText.ToYaml(JsonNode.Parse(json));
        Assert.Equal(Normal(JsonNode.Parse(json)), Read(yaml));
    }

    [Theory]
    [InlineData("1E-05", "0.00001\n")]
    [InlineData("1.5", "1.5\n")]
    [InlineData("\"2031-03-01T03:00:00Z\"", "\"2031-03-01T03:00:00Z\"\n")]
    [InlineData("\"${HOME}\"", "\"${HOME}\"\n")]
    public void Scalars(string json, string yaml) => Assert.Equal(yaml, DataText.ToYaml(JsonNode.Parse(json)));

    // What is a text stays one: quoted, or plain and taken for nothing else by YAML 1.1.
    private static string Read(string yaml)
    {
        var problems = new ProblemList();
        var expansion = new Expansion(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "expanded" },
            problems
        );
        // The reader would replace variables, which data has none of.
        var source = SourceText.From(
            "data.yaml",
            System.Text.Encoding.UTF8.GetBytes(yaml.Replace("${", "$${", StringComparison.Ordinal))
        );
        return Show(YamlReader.Read(source, new NodeBudget(NodeLimits.Default), expansion, problems)!);
    }

    private static string Show(ConfigNode node) =>
        node switch
        {
            MappingNode mapping =>
                $"{{{string.Join(",", mapping.Entries.Select(entry => $"{entry.Key}:{Show(entry.Value)}"))}}}",
            SequenceNode list => $"[{string.Join(",", list.Items.Select(Show))}]",
            ScalarNode { IsNull: true } => "null",
            ScalarNode scalar => scalar.Text,
            _ => "?",
        };

    private static string Normal(JsonNode? node) =>
        node switch
        {
            JsonObject members =>
                $"{{{string.Join(",", members.Select(member => $"{member.Key}:{Normal(member.Value)}"))}}}",
            JsonArray items => $"[{string.Join(",", items.Select(Normal))}]",
            null => "null",
            _ => node.ToString(),
        };
}
