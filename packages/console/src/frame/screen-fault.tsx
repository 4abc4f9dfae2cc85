import { Component, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { useSpeech } from "../words/language.tsx";
import type { Screen } from "./screen.ts";

interface Guarding {
  readonly of: Screen;
  readonly children: ReactNode;
}

/** A screen that fails takes nothing with it: clocks, alarms and keys go on, and another screen can be asked for. */
export class ScreenFault extends Component<Guarding, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidUpdate(before: Guarding): void {
    if (before.of !== this.props.of && this.state.failed) this.setState({ failed: false });
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed(): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="panel">
      <p role="alert">{say("page.failed")}</p>
      <Button onPress={() => location.reload()}>{say("page.again")}</Button>
    </div>
  );
}
