using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akira.Voice.Management;

/// <summary>What goes over the management app's HTTP, for both of its ends.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Customer[]))]
[JsonSerializable(typeof(Trunk[]))]
[JsonSerializable(typeof(Route[]))]
[JsonSerializable(typeof(Rate[]))]
[JsonSerializable(typeof(Page<Audit>))]
[JsonSerializable(typeof(Page<Call>))]
[JsonSerializable(typeof(CallPage))]
[JsonSerializable(typeof(Traffic))]
[JsonSerializable(typeof(Deploy[]))]
[JsonSerializable(typeof(IncidentMarkers))]
[JsonSerializable(typeof(IncidentMarker[]))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(WaysIn))]
[JsonSerializable(typeof(Who))]
[JsonSerializable(typeof(Account[]))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(KamailioLists))]
public sealed partial class ManagementJson : JsonSerializerContext;
