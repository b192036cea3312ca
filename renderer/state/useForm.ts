/** What a dialog asks for: what was typed, what does not fit, and saving it. */
import { useState } from 'react';
import type { Problem } from '../../main/contract/errors.ts';
import { problemOf } from '../bridge/bridge.ts';
import { useAction } from '../design/useAction.ts';

/** Does what a dialog is for, and closes it; what keeps it from that becomes `problem`. */
export function useSaving(onClose: () => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const save = (work: () => Promise<unknown>) => {
    setProblem(null);
    void saving.run(
      async () => {
        await work();
        onClose();
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return { problem, save };
}

interface FormOptions<Form, Fault> {
  first(): Form;
  faultsOf(form: Form): Partial<Record<keyof Form, Fault>>;
  onClose(): void;
}

/** A form whose faults are told once somebody has tried to save it. */
export function useForm<Form extends object, Fault extends string>(options: FormOptions<Form, Fault>) {
  const { first, faultsOf, onClose } = options;
  const [form, setForm] = useState(first);
  const [tried, setTried] = useState(false);
  const { problem, save } = useSaving(onClose);
  const faults = faultsOf(form);
  return {
    form,
    problem,
    set: (part: Partial<Form>) => setForm((was) => ({ ...was, ...part })),
    fault: (field: keyof Form): Fault | undefined => (tried ? faults[field] : undefined),
    submit: (work: (form: Form) => Promise<unknown>) => {
      setTried(true);
      if (Object.keys(faults).length === 0) save(() => work(form));
    },
  };
}
