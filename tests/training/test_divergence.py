import math

from chainrule.training import Divergence


def test_the_message_says_what_where_and_what_to_try() -> None:
    message = Divergence("parameters", epoch=3, step=12, last_finite_loss=4.5).message
    assert message == (
        "the parameters are not finite at step 12 of epoch 3 (the last finite loss was 4.5); "
        "try a smaller learning_rate_init, or scale the inputs and targets"
    )


def test_where_no_loss_was_finite_the_message_says_so() -> None:
    message = Divergence("loss", epoch=1, step=1, last_finite_loss=math.nan).message
    assert "(no loss was finite before it)" in message
