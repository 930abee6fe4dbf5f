package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;

/** Clerk's endpoints for clients: the browsers and devices that users sign in on. */
@ToolGroup(
    id = "clients",
    description = "Clients: browsers and devices, each with the sessions signed in on it")
public interface ClientTools {

  @Tool(name = "clerk_device_client_get", title = "Get device client", effect = READ)
  @Description("One browser or device with its sessions, by client ID.")
  @Route("GET /clients/{client_id}")
  JsonNode get(@Arg("client_...") String clientId);

  @Tool(name = "clerk_device_client_verify", title = "Verify device client", effect = READ)
  @Description("Verify a client's token; returns the client with its sessions.")
  @Route("POST /clients/verify")
  JsonNode verify(@Arg(value = "JWT of the __client cookie", secret = true) String token);
}
