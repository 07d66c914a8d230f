using System.Globalization;
using System.Text;
using Fulcrum.Protocols.Agent;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Agent;

public sealed class AgentReplyReaderTests
{
    [Theory]
    [InlineData("75%\n", null, 0.75, null, null)]
    [InlineData("37.5%\r\n", null, 0.375, null, null)]
    [InlineData("0%\n", null, 0.0, null, null)]
    [InlineData("200%\n", null, 2.0, null, null)]
    [InlineData("999%\n", null, 2.56, null, null)]
    [InlineData("up\n", AgentState.Up, null, null, null)]
    [InlineData("READY\n", AgentState.Up, null, null, null)]
    [InlineData("up 50%,maxconn:30\n", AgentState.Up, 0.5, 30, null)]
    [InlineData("\tready\t10%\t\n", AgentState.Up, 0.1, null, null)]
    [InlineData("drain\n", AgentState.Drain, null, null, null)]
    [InlineData("drain up\n", AgentState.Drain, null, null, null)]
    [InlineData("maint,down\n", AgentState.Maintenance, null, null, null)]
    [InlineData("ready down # disk is full\n", AgentState.Down, null, null, "disk is full")]
    [InlineData("fail#x\n", AgentState.Down, null, null, "x")]
    [InlineData("failed\n", AgentState.Down, null, null, null)]
    [InlineData("stopped #\n", AgentState.Down, null, null, null)]
    [InlineData("up hello 5%\n", AgentState.Up, 0.05, null, null)]
    [InlineData("\r\nup\n", AgentState.Up, null, null, null)]
    [InlineData("up", AgentState.Up, null, null, null)]
    [InlineData("up\ndown\n", AgentState.Up, null, null, null)]
    [InlineData("{\"state\":\"drain\"}", AgentState.Drain, null, null, null)]
    [InlineData("{\"weight\":0.75}", null, 0.75, null, null)]
    [InlineData("{\"weight\":\"75%\",\"state\":\"up\"}", AgentState.Up, 0.75, null, null)]
    [InlineData("{\"weight\":1e999}", null, 2.56, null, null)]
    [InlineData(
        " {\n \"at\": {\"x\": [1, 2]},\n \"state\": \"maint\",\n \"reason\": \"back\\nup\"\n}\n",
        AgentState.Maintenance,
        null,
        null,
        "back up"
    )]
    public void A_reply_is_read_in_pieces_of_any_size(
        string text,
        AgentState? state,
        double? weight,
        int? most,
        string? reason
    )
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var (reply, error) = Read(Encoding.UTF8.GetBytes(text), size);
            Assert.Null(error);
            Assert.Equal(new AgentReply(state, weight, most, reason), reply);
        }
    }

    [Theory]
    [InlineData("", "it says nothing")]
    [InlineData(" \n", "it says nothing")]
    [InlineData("# nothing\n", "it says nothing")]
    [InlineData("{}", "it says nothing")]
    [InlineData("{\"reason\":\"x\"}", "it says nothing")]
    [InlineData("hello up!\n", "it says 'hello'")]
    [InlineData("-5%\n", "it says '-5%'")]
    [InlineData("NaN%\n", "it says 'NaN%'")]
    [InlineData("%\n", "it says '%'")]
    [InlineData("maxconn:-1\n", "it says 'maxconn:-1'")]
    [InlineData("maxconn:99999999999\n", "it says 'maxconn:99999999999'")]
    [InlineData("{\"state\":\"sideways\"}", "its state is none")]
    [InlineData("{\"state\":1}", "its state is none")]
    [InlineData("{\"weight\":-1}", "its weight is none")]
    [InlineData("{\"weight\":\"much\"}", "its weight is none")]
    [InlineData("{\"weight\":null}", "its weight is none")]
    [InlineData("{\"reason\":{}}", "its reason is none")]
    [InlineData("{\"state\":\"up\"", "it is no JSON")]
    [InlineData("{state:up}", "it is no JSON")]
    [InlineData("{\"x\":[[[[[[[[[1]]]]]]]]]}", "it is no JSON")]
    [InlineData("{\"state\":\"\\ud800\"}", "it is no JSON")]
    public void What_is_no_reply_is_told(string text, string why)
    {
        foreach (var size in new[] { 1, Math.Max(1, text.Length) })
        {
            var (reply, error) = Read(Encoding.UTF8.GetBytes(text), size);
            Assert.Null(reply);
            Assert.Equal(why, error);
        }
    }

    [Theory]
    [InlineData("u")]
    [InlineData("{\"reason\":\"")]
    public void A_reply_without_end_is_refused_at_its_bound(string start)
    {
        var text = Encoding.ASCII.GetBytes(start + new string('p', 2000));
        foreach (var size in new[] { 1, 7, text.Length })
        {
            Assert.Equal((null, "more than 1024 bytes"), Read(text, size));
        }
    }

    [Fact]
    public void What_an_agent_says_is_what_is_read()
    {
        var random = Seeds.NewRandom();
        string[] words = ["up", "drain", "down", "maint"];
        for (var run = 0; run < 500; run++)
        {
            var (state, weight, most) = (random.Next(4), random.Next(257), random.Next());
            var said = new[]
            {
                words[state],
                weight.ToString(CultureInfo.InvariantCulture) + "%",
                "maxconn:" + most.ToString(CultureInfo.InvariantCulture),
            };
            random.Shuffle(said);
            var line = string.Join(" ,\t"[random.Next(3)], said) + " # because\n";
            var (reply, _) = Read(Encoding.ASCII.GetBytes(line), random.Next(1, 10));
            Assert.Equal(new AgentReply((AgentState)state, weight / 100.0, most, "because"), reply);
        }
    }

    private static (AgentReply? Reply, string? Error) Read(byte[] bytes, int size)
    {
        var reader = new AgentReplyReader();
        _ = bytes.Chunk(size).All(piece => reader.Feed(piece));
        Assert.Equal(reader.End(), reader.Error is null);
        return (reader.Reply, reader.Error);
    }
}
