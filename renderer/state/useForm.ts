/** What a dialog asks for: what was typed, what does not fit, and saving it. */
import { useState } from 'react';
import type { Problem } from '../../main/contract/errors.ts';
import { problemOf } from '../bridge/bridge.ts';
import { useAction } from '../design/useAction.ts';

/** What a dialog does, once at a time: `step` leaves it open, `save` closes it. What keeps it from that becomes `problem`. */
export function useSaving(onClose: () => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const { since, run } = useAction();
  const step = (work: () => Promise<unknown>) => {
    setProblem(null);
    void run(work, (thrown) => setProblem(problemOf(thrown)));
  };
  const save = (work: () => Promise<unknown>) =>
    step(async () => {
      await work();
      onClose();
    });
  return { problem, since, step, save };
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
  const { problem, since, step, save } = useSaving(onClose);
  const faults = faultsOf(form);
  /** Whether the form can be used; from the first time on its faults are told. */
  const fits = () => {
    setTried(true);
    return Object.keys(faults).length === 0;
  };
  return {
    form,
    problem,
    since,
    save,
    set: (part: Partial<Form>) => setForm((was) => ({ ...was, ...part })),
    fault: (field: keyof Form): Fault | undefined => (tried ? faults[field] : undefined),
    /** Uses the form and leaves the dialog open. */
    use: (work: (form: Form) => Promise<unknown>) => {
      if (fits()) step(() => work(form));
    },
    submit: (work: (form: Form) => Promise<unknown>) => {
      if (fits()) save(() => work(form));
    },
  };
}
