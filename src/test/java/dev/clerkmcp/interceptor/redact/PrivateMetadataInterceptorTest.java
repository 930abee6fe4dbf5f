package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrivateMetadataInterceptorTest {
  private static final String USER =
      "{'id':'user_1','private_metadata':{'plan':'x'},'public_metadata':{'a':1},"
          + "'organization_memberships':[{'private_metadata':{'b':2}},{'private_metadata':{}}]}";
  private static final String HIDDEN =
      "{'id':'user_1','private_metadata':'hidden; include_private: true shows it',"
          + "'public_metadata':{'a':1},'organization_memberships':"
          + "[{'private_metadata':'hidden; include_private: true shows it'},{'private_metadata':{}}]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_get|{'user_id':'user_1'}|false",
        "clerk_user_get|{'user_id':'user_1','include_private':false}|false",
        "clerk_user_get|{'user_id':'user_1','include_private':true}|true",
        "clerk_user_update|{'user_id':'user_1','first_name':'A'}|false",
        "clerk_tools_read|{'name':'clerk_user_get','arguments':{'user_id':'user_1'}}|false",
        "clerk_tools_read|{'name':'clerk_user_get','arguments':"
            + "{'user_id':'user_1','include_private':true}}|true",
        "clerk_tools_read|{'name':'clerk_user_get','arguments':{'user_id':'user_1'},"
            + "'include_private':true}|true",
      })
  void privateMetadataIsShownOnlyOnRequest(String tool, String arguments, boolean shown) {
    FakeClerk clerk = FakeClerk.answering(USER.replace('\'', '"'));
    assertThat(
            ToolCaller.call(
                    ToolCaller.tools(clerk, new PrivateMetadataInterceptor()), tool, arguments)
                .json())
        .isEqualTo((shown ? USER : HIDDEN).replace('\'', '"'));
  }

  @Test
  void partialResultHidesPrivateMetadata() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("/metadata")
                    ? Answer.error(500, "x")
                    : new Answer(200, USER.replace('\'', '"')));
    assertThat(
            ToolCaller.call(
                    ToolCaller.tools(clerk, new PrivateMetadataInterceptor()),
                    "clerk_user_update",
                    "{'user_id':'user_1','first_name':'A','public_metadata':{'a':1}}")
                .json())
        .contains("\"done\":" + HIDDEN.replace('\'', '"'));
  }

  @Test
  void schemaInErrorIsUnchanged() {
    FakeClerk clerk = FakeClerk.answering("{}");
    assertThat(
            ToolCaller.call(
                    ToolCaller.tools(clerk, new PrivateMetadataInterceptor()),
                    "clerk_tools_write",
                    "{'name':'clerk_user_update','arguments':{'first':'A'}}")
                .json())
        .contains("\"private_metadata\":{\"type\":\"object\"");
  }
}
