package dev.clerkmcp.transport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the {@code _meta} of requests; P stands for the prefix of MCP's own keys. */
final class RequestMetaTest {
  private static final String VERSION = "'P/protocolVersion':'2026-07-28'";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'_meta':{'P/protocolVersion':'2026-07-28'}} | true",
        "{'arguments':{'a':[{}]},'_meta':{'x':{'y':1},'P/protocolVersion':'1'}} | true",
        "{'_meta':{'P\\/protocolVersion':'2026-07-28'}} | true",
        "{'_meta':{'P/protocolVersion':7}} | true",
        "{'_meta':{'progressToken':1}} | false",
        "{'_meta':{'x':{'P/protocolVersion':'1'}}} | false",
        "{'_meta':'P/protocolVersion'} | false",
        "{'P/protocolVersion':'1'} | false",
        "{} | false",
        " | false",
      })
  void versionMakesRequestModern(@Nullable String params, boolean modern) {
    JsonRpcMessage.Request request =
        new JsonRpcMessage.Request("1", "tools/list", params == null ? null : json(params));
    assertThat(RequestMeta.isModern(request)).isEqualTo(modern);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",'P/clientInfo':{'name':'a','version':'1'}",
        ",'P/clientInfo':{}",
        ",'P/logLevel':'debug'",
        ",'P/logLevel':'emergency'",
        ",'traceparent':'nonsense','com.example/x':[1]",
      })
  void validMetaHasNoProblem(String further) {
    assertThat(meta(VERSION + ",'P/clientCapabilities':{}" + further).problem()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'x':1 | protocolVersion (a string) and",
        "'P/clientCapabilities':{} | protocolVersion",
        "'P/protocolVersion':1,'P/clientCapabilities':{} | protocolVersion",
        "'P/protocolVersion':'1' | clientCapabilities (an object)",
        "'P/protocolVersion':'1','P/clientCapabilities':true | clientCapabilities",
        "'P/protocolVersion':'1','P/clientCapabilities':{},'P/clientInfo':'me' | clientInfo",
        "'P/protocolVersion':'1','P/clientCapabilities':{},'P/logLevel':'loud' | debug, info, notice",
        "'P/protocolVersion':'1','P/clientCapabilities':{},'P/logLevel':null | logLevel",
      })
  void problemNamesMissingOrInvalidMembers(String members, String named) {
    assertThat(meta(members).problem()).contains(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | false",
        "{'elicitation':{}} | true",
        "{'elicitation':{'form':{}}} | true",
        "{'elicitation':{'form':{},'url':{}}} | true",
        "{'elicitation':{'url':{}}} | false",
        "{'elicitation':true} | false",
        "{'sampling':{'elicitation':{}}} | false",
      })
  void onlyFormElicitationIsUsed(String capabilities, boolean asks) {
    RequestMeta meta = meta(VERSION + ",'P/clientCapabilities':" + capabilities);
    assertThat(meta.client().asksByForm()).isEqualTo(asks);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':'a \\'b\\'','version':'2'} | a 'b' 2",
        "{'name':'a'} | a",
        "{'version':'2'} | unknown",
        "7 | unknown",
      })
  void clientNameHasVersion(String client, String name) {
    assertThat(meta(VERSION + ",'P/clientInfo':" + client).client().name())
        .isEqualTo(name.replace('\'', '"'));
  }

  private static RequestMeta meta(String members) {
    return RequestMeta.of("{\"_meta\":{" + json(members) + "}}");
  }

  private static String json(String text) {
    return text.replace("P/", "io.modelcontextprotocol/")
        .replace("P\\/", "io.modelcontextprotocol\\/")
        .replace('\'', '"');
  }
}
