using System.Text.Json;
using Akira.Core.Alerts;

namespace Akira.Core.Tests.Alerts;

public class LabelSetTests
{
    [Fact]
    public void Labels_come_in_the_order_of_their_bytes_however_they_were_given() =>
        Assert.Equal(
            ["Z", "a", "é"],
            LabelSet
                .Of(KeyValuePair.Create("é", "3"), KeyValuePair.Create("a", "2"), KeyValuePair.Create("Z", "1"))
                .Keys
        );

    [Fact]
    public void A_label_is_found_by_its_exact_name()
    {
        var labels = LabelSet.Of("job", "node");
        Assert.Equal("node", labels["job"]);
        Assert.False(labels.ContainsKey("Job"));
        Assert.Throws<KeyNotFoundException>(() => labels["instance"]);
    }

    [Fact]
    public void A_name_that_comes_twice_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() =>
            LabelSet.Of(KeyValuePair.Create("a", "1"), KeyValuePair.Create("a", "2"))
        );

    [Fact]
    public void They_are_an_object_in_JSON_and_come_back_the_same()
    {
        var labels = LabelSet.Of(KeyValuePair.Create("b", "<\"2\">"), KeyValuePair.Create("a", ""));
        var json = JsonSerializer.Serialize(labels);
        Assert.Equal("""{"a":"","b":"\u003C\u00222\u0022\u003E"}""", json);
        Assert.Equal(labels, JsonSerializer.Deserialize<LabelSet>(json)!);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":1}""")]
    public void Anything_but_texts_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LabelSet>(json));
}
